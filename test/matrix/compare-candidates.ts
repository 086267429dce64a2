import { join } from 'node:path';
import { entriesAt } from '../../layers/build/folder-entries.ts';
import { writeZip } from '../../layers/build/zip.ts';
import { MACHINE_ARCH, readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';
import { startLocalLambda } from '../../runtime/emulator/local-lambda.ts';
import type { MatrixCandidate } from './candidates.ts';
import type { Observations } from './differences.ts';
import { observe } from './observe.ts';
import type { Probe, ProbedHandler } from './probes.ts';

const BUNDLE = join(import.meta.dirname, 'bundle');
const HANDLERS: readonly ProbedHandler[] = ['handler', 'stream'];
/** The bundle knows it; far more than an invocation takes beside others on a busy machine. */
const TIMEOUT_S = 30;
const MEMORY_MIB = 512;

/** What the candidates are made with. */
export interface CompareOptions {
  readonly builder: Builder;
  /** Where the layers are built. */
  readonly dist: string;
  /** Existing folder for the function's zip. */
  readonly folder: string;
  /** Folder of the bundle; the matrix's own unless said. */
  readonly bundle?: string;
  readonly probes?: readonly Probe[];
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/**
 * Runs the bundle under candidates that share their layers, side by side, in a local Lambda.
 *
 * @param candidates with the same layers
 * @param options see there
 * @returns what each showed, in their order
 */
export async function observeCandidates(
  candidates: readonly MatrixCandidate[],
  options: CompareOptions,
): Promise<readonly Observations[]> {
  const { builder, dist, folder, signal, note } = options;
  const code = join(folder, 'function.zip');
  await writeZip(code, await entriesAt(options.bundle ?? BUNDLE, '.'));
  const interpreters = candidates[0]?.layers ?? [];
  const built = await builder.buildLayers({ interpreters, arch: MACHINE_ARCH, out: dist, signal, note });
  const layers = [...built.interpreters, built.runtime];
  const named = candidates.flatMap(({ variables }, index) =>
    HANDLERS.map((handler) => ({ name: functionName(index, handler), handler, variables })),
  );
  const functions = await Promise.all(
    named.map(async ({ name, handler, variables }) => ({
      settings: await readFunctionSettings(code, {
        name,
        handler: `function.${handler}`,
        memoryMiB: MEMORY_MIB,
        timeoutS: TIMEOUT_S,
        environment: variables,
        ...(handler === 'stream' ? { logFormat: 'JSON' } : {}),
      }),
      layers,
      code,
    })),
  );
  const lines = new Map<string, string[]>(named.map(({ name }) => [name, []]));
  const lambda = await startLocalLambda({
    functions,
    isolation: 'paths',
    log: (line, name) => lines.get(name)?.push(line),
    signal,
  });
  try {
    return await Promise.all(
      candidates.map((_, index) => {
        const names = { handler: functionName(index, 'handler'), stream: functionName(index, 'stream') };
        return observe({ lambda, lines }, names, options.probes);
      }),
    );
  } finally {
    await lambda.stop();
  }
}

function functionName(index: number, handler: ProbedHandler): string {
  return `candidate-${index}-${handler}`;
}
