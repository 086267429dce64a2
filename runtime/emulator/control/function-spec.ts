import { readFile } from 'node:fs/promises';
import type { FunctionSettings } from '../../cli/function-settings.ts';
import type { LocalFunction } from '../local-function.ts';
import type { CodeStore, StoredCode } from './code-store.ts';
import type { LayerStore, LayerVersion } from './layer-store.ts';

/** What a function is made from, as clients said it. */
export interface FunctionSpec {
  readonly settings: FunctionSettings;
  readonly runtime: string;
  readonly role: string;
  readonly description: string;
  readonly tracingMode: string;
  readonly ephemeralMiB: number;
  readonly layers: readonly LayerVersion[];
  readonly code: StoredCode;
}

/** What the API tells of a function that nobody said otherwise of. */
export const SPEC_DEFAULTS = {
  runtime: 'provided.al2023',
  role: 'arn:aws:iam::123456789012:role/local',
  description: '',
  tracingMode: 'PassThrough',
  ephemeralMiB: 512,
} as const;

/** Makes the zips of a function known as its code and its layers. */
export async function specOf(fn: LocalFunction, codes: CodeStore, layers: LayerStore): Promise<FunctionSpec> {
  const { settings, code, sourceMap } = fn;
  const versions: LayerVersion[] = [];
  for (const zip of fn.layers) versions.push(await layers.addLocal(zip));
  return {
    ...SPEC_DEFAULTS,
    role: settings.role ?? SPEC_DEFAULTS.role,
    settings,
    layers: versions,
    code: await codes.add(await readFile(code), { path: code, sourceMap }),
  };
}
