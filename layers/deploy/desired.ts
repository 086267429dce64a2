import { resolve } from 'node:path';
import { type FunctionSettings, readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { sourceKind } from '../../runtime/emulator/prepare-function.ts';
import { makeFunctionZip } from '../build/function-zip.ts';
import { makeInterpreterLayer } from '../build/interpreter-layer.ts';
import type { MadePart } from '../build/part.ts';
import { makeRuntimeLayer } from '../build/runtime-layer.ts';
import { withBootstrap } from '../build/with-bootstrap.ts';
import { type LocalZip, readLocalZip } from './local-zip.ts';
import type { Shift } from './shift.ts';

/** A layer as it is to be published. */
export interface DesiredLayer extends LocalZip {
  readonly part: 'interpreter' | 'runtime' | 'layer';
  /** The layer's name on Lambda. */
  readonly name: string;
  /** For one architecture alone, where it matters. */
  readonly arch: 'x86_64' | 'arm64' | undefined;
}

/** What is to be deployed. */
export interface Desired {
  readonly settings: FunctionSettings;
  /** In the order in which they are laid over `/opt`; texts are ARNs of layers that somebody else publishes. */
  readonly layers: readonly (DesiredLayer | string)[];
  readonly code: LocalZip;
  /** How the alias gets to a new version; all at once when undefined. */
  readonly shift?: Shift | undefined;
}

/**
 * Builds what is to be deployed.
 *
 * @param source the function's folder or zip
 * @param options what wins over `pilotlight.json`, the folder of the zips, a signal that stops it, and `note` for progress
 * @throws {ToolError} `USAGE` for a source that is neither folder nor zip, `BUILD_FAILED`
 */
export async function readDesired(
  source: string,
  options: {
    overrides: Readonly<Record<string, unknown>>;
    out: string;
    signal: AbortSignal;
    note: (line: string) => void;
  },
): Promise<Desired> {
  const { overrides, ...build } = options;
  const kind = await sourceKind(source);
  if (kind === undefined) throw new ToolError('USAGE', `Cannot find "${source}", expected a folder or a zip`);
  const settings = await readFunctionSettings(source, overrides);
  const { arch, interpreter } = settings;
  const layers: DesiredLayer[] = [];
  for (const name of await withBootstrap([interpreter])) {
    layers.push(layerOf('interpreter', await makeInterpreterLayer(name, arch, build), arch));
  }
  layers.push(layerOf('runtime', await makeRuntimeLayer(build), undefined));
  const folder = kind === 'folder' ? source : '.';
  const extra = settings.layers.map(async (layer) => {
    if (layer.startsWith('arn:')) return layer;
    const zip = await readLocalZip(resolve(folder, layer));
    return {
      ...zip,
      part: 'layer' as const,
      name: `pilotlight-${zip.name.replaceAll(/[^\w-]/g, '-')}`,
      arch,
    };
  });
  const code = kind === 'zip' ? await readLocalZip(source) : await makeFunctionZip(source, build);
  return { settings, layers: [...layers, ...(await Promise.all(extra))], code };
}

function layerOf(part: DesiredLayer['part'], made: MadePart, arch: DesiredLayer['arch']): DesiredLayer {
  const { path, bytes, sha256 } = made;
  return { part, name: `pilotlight-${made.name}`, path, bytes, sha256, arch };
}
