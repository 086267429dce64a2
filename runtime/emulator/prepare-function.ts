import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LAYERS_FOLDER } from '../cli/built-files.ts';
import { type FunctionSettings, MACHINE_ARCH, readFunctionSettings } from '../cli/function-settings.ts';
import { ToolError } from '../cli/tool-error.ts';
import type { Builder } from './builder.ts';
import type { LocalFunction } from './local-function.ts';

/** What decides which layers a function has. */
const LAYER_SETTINGS = ['interpreter', 'arch', 'layers'] as const;

/** What making a function ready needs besides its source. */
export interface PrepareOptions {
  readonly builder: Builder;
  /** What wins over the function's `pilotlight.json`. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Folder for what is built of the function itself. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  /** Told of the files that a bundle was made from, and in vain looked for. */
  readonly read?: ((files: readonly string[]) => void) | undefined;
}

/**
 * Makes a function ready to run: its zip, built when the source is a folder, and the layers below it.
 *
 * @param source folder or zip
 * @throws {ToolError} `USAGE` for a source that is neither, `CANNOT` for a foreign architecture, `BUILD_FAILED`
 */
export async function prepareFunction(source: string, options: PrepareOptions): Promise<LocalFunction> {
  const { builder, out, signal, note } = options;
  const isFolder = (await kindOf(source)) === 'folder';
  const settings = await readFunctionSettings(source, options.overrides);
  requireMachineArch(settings);
  const extraLayers = settings.layers.map((layer) => layerPath(layer, isFolder ? source : dirname(source)));
  const { interpreters, runtime } = await builder.buildLayers({
    interpreters: [settings.interpreter],
    arch: settings.arch,
    out: LAYERS_FOLDER,
    signal,
    note,
  });
  const layers = [...interpreters, runtime, ...extraLayers];
  if (!isFolder) return { settings, layers, code: source };
  const built = await builder.buildFunction(source, { out, signal, read: options.read });
  return { settings, layers, code: built.zip, sourceMap: built.sourceMap };
}

/**
 * Makes a function that runs ready again, from what its source is now. Layers are built only when others are asked for.
 *
 * @param source folder or zip
 * @param before what it was
 * @throws {ToolError} as `prepareFunction()`, and `USAGE` for another name
 */
export async function prepareAgain(
  source: string,
  before: LocalFunction,
  options: PrepareOptions,
): Promise<LocalFunction> {
  const { builder, out, signal, read } = options;
  if ((await kindOf(source)) === 'zip') {
    read?.([resolve(source)]);
    return before;
  }
  const settings = await readFunctionSettings(source, options.overrides);
  if (settings.name !== before.settings.name) {
    throw new ToolError('USAGE', `Cannot call "${before.settings.name}" "${settings.name}" while it runs`, {
      next: 'start dev again',
    });
  }
  const isSame = LAYER_SETTINGS.every((key) => isDeepStrictEqual(settings[key], before.settings[key]));
  if (!isSame) return await prepareFunction(source, options);
  const built = await builder.buildFunction(source, { out, signal, read });
  return { ...before, settings, code: built.zip, sourceMap: built.sourceMap };
}

/**
 * Says whether a path is a function's source.
 *
 * @returns undefined when nothing is there
 * @throws {ToolError} `USAGE` for a file that is no zip
 */
export async function sourceKind(path: string): Promise<'folder' | 'zip' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return 'folder';
  if (path.endsWith('.zip')) return 'zip';
  throw new ToolError('USAGE', `Cannot use "${path}" as a function, expected a folder or a zip`);
}

async function kindOf(source: string): Promise<'folder' | 'zip'> {
  const kind = await sourceKind(source);
  if (kind === undefined) throw new ToolError('USAGE', `Cannot find "${source}", expected a folder or a zip`);
  return kind;
}

function requireMachineArch({ name, arch }: FunctionSettings): void {
  if (arch === MACHINE_ARCH) return;
  throw new ToolError(
    'CANNOT',
    `Cannot run function "${name}" for ${arch}: this machine is ${MACHINE_ARCH}`,
    {
      next: `--arch ${MACHINE_ARCH} runs it here; its parts for ${arch} can be built and deployed all the same`,
    },
  );
}

function layerPath(layer: string, folder: string): string {
  if (!layer.startsWith('arn:')) return resolve(folder, layer);
  throw new ToolError('CANNOT', `Cannot run with layer "${layer}": the local Lambda takes layers from zips`, {
    next: `aws lambda get-layer-version-by-arn --arn ${layer} --query Content.Location, then name the downloaded zip in "layers"`,
  });
}
