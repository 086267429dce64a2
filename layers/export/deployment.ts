import { basename, dirname, relative, resolve } from 'node:path';
import { type FunctionSettings, readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { sourceKind } from '../../runtime/emulator/prepare-function.ts';
import { withBootstrap } from '../build/with-bootstrap.ts';
import { pascalCase } from './identifier.ts';

/** A layer that is made from a zip of this machine. */
export interface DeploymentLayer {
  /** A word of its own among the layers, such as `node` or `runtime`. */
  readonly id: string;
  /** The layer's name on Lambda, as `deploy` calls it. */
  readonly name: string;
  /** Path of the zip. */
  readonly zip: string;
  readonly archs: readonly FunctionSettings['arch'][];
}

/** What a deployment consists of, whatever the tool that does it. Paths are relative to where its file will lie. */
export interface Deployment {
  readonly settings: FunctionSettings;
  /** In the order in which they are laid over `/opt`; texts are ARNs of layers that somebody else publishes. */
  readonly layers: readonly (DeploymentLayer | string)[];
  /** Path of the function's zip. */
  readonly code: string;
}

/**
 * Reads what is to be deployed of a function, without building it.
 *
 * @param source the function's folder or zip
 * @param options what wins over `pilotlight.json`, the folder of the zips, and the one that paths are relative to
 * @throws {ToolError} `USAGE` for a source that is neither folder nor zip
 */
export async function readDeployment(
  source: string,
  options: { overrides: Readonly<Record<string, unknown>>; zips: string; base: string },
): Promise<Deployment> {
  const kind = await sourceKind(source);
  if (kind === undefined) throw new ToolError('USAGE', `Cannot find "${source}", expected a folder or a zip`);
  const settings = await readFunctionSettings(source, options.overrides);
  const { name, arch, interpreter } = settings;
  const here = (path: string) => relative(options.base, path) || '.';
  const made = (zip: string) => here(resolve(options.zips, zip));
  const interpreters = (await withBootstrap([interpreter])).map(
    (id): DeploymentLayer => ({
      id,
      name: `pilotlight-interpreter-${id}-${arch}`,
      zip: made(`interpreter-${id}-${arch}.zip`),
      archs: [arch],
    }),
  );
  const runtime: DeploymentLayer = {
    id: 'runtime',
    name: 'pilotlight-runtime',
    zip: made('runtime.zip'),
    archs: ['x86_64', 'arm64'],
  };
  const taken = new Set([...interpreters, runtime].map(({ id }) => pascalCase(id)));
  const folder = kind === 'folder' ? source : dirname(source);
  const own = settings.layers.map((layer): DeploymentLayer | string => {
    if (layer.startsWith('arn:')) return layer;
    // Names of layers have no dots.
    const word = basename(layer, '.zip').replaceAll(/[^\w-]/g, '-');
    const zip = here(resolve(folder, layer));
    return { id: freeId(word, taken), name: `pilotlight-${word}`, zip, archs: [arch] };
  });
  const code = kind === 'zip' ? here(source) : made(`function-${name}.zip`);
  return { settings, layers: [...interpreters, runtime, ...own], code };
}

/** All dialects take letters and digits; a zip may be called as another one in another folder. */
function freeId(word: string, taken: Set<string>): string {
  const clean = word.replaceAll(/[^a-zA-Z0-9]+/g, '-').replaceAll(/^[^a-zA-Z]+|-+$/g, '') || 'layer';
  let id = clean;
  for (let number = 2; taken.has(pascalCase(id)); number += 1) id = `${clean}-${number}`;
  taken.add(pascalCase(id));
  return id;
}
