import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenarioResult } from '../bench/result.ts';
import { type ReadyCandidate, runScenario } from '../bench/run/run-scenario.ts';
import type { MatrixCandidate } from './candidates.ts';
import { ECHO_FUNCTIONS } from './echo-functions.ts';
import { type LayerFolderOptions, layerFolders } from './layer-folders.ts';
import type { MatrixScenario } from './scenarios.ts';

/**
 * Events before those that are measured. Where each has a worker of its own nothing warms that up, but the bootstrap, which
 * is the same for all. In process mode what it takes is nothing beside a start.
 */
const WARM_UP = { process: 2, spare: 40 } as const;

/**
 * Measures candidates in interleaved rounds, with the benchmark's driver and handler.
 *
 * @param candidates all of them
 * @param scenarios each with those that take part
 * @param options see there
 * @throws {ToolError} `CANNOT` when a candidate failed or the machine has too few processors
 */
export async function measure(
  candidates: readonly MatrixCandidate[],
  scenarios: readonly MatrixScenario[],
  options: LayerFolderOptions,
): Promise<readonly ScenarioResult[]> {
  const optOf = layerFolders(options);
  const ready = new Map<string, ReadyCandidate>();
  for (const [index, candidate] of candidates.entries()) {
    const folder = join(options.folder, `function-${index}`);
    await mkdir(folder, { recursive: true });
    await ECHO_FUNCTIONS[candidate.language].lay(folder, options.dist);
    ready.set(candidate.name, makeReady(candidate, await optOf(candidate.layers), folder));
  }
  const results: ScenarioResult[] = [];
  for (const { scenario, takesPart } of scenarios) {
    const taking = candidates.filter(takesPart).map(({ name }) => ready.get(name) as ReadyCandidate);
    options.note(scenario.title);
    const folder = join(options.folder, scenario.id);
    results.push(await runScenario(scenario, taking, { folder, onStep: () => {}, signal: options.signal }));
  }
  return results;
}

function makeReady({ name, variables, mode }: MatrixCandidate, opt: string, folder: string): ReadyCandidate {
  const command = { file: join(opt, 'bootstrap'), args: [], folder, variables };
  return {
    info: { name, description: '', versions: {}, role: 'peer' },
    missing: undefined,
    maxInFlight: 1,
    prepare: async () => command,
    command,
    slow: false,
    ...(mode === 'persistent' ? {} : { warmUp: WARM_UP[mode] }),
  };
}
