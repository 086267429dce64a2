import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';
import { type CandidateLayers, candidateLayers } from '../bench/candidates/candidate-layers.ts';
import { NODE_HANDLER } from '../bench/candidates/node-handler.ts';
import type { ScenarioResult } from '../bench/result.ts';
import { type ReadyCandidate, runScenario } from '../bench/run/run-scenario.ts';
import type { MatrixCandidate } from './candidates.ts';
import type { MatrixScenario } from './scenarios.ts';

/** What candidates are measured with. */
export interface MeasureOptions {
  readonly builder: Builder;
  /** Where the layers are built. */
  readonly dist: string;
  /** Existing folder for layers and environments. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

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
  options: MeasureOptions,
): Promise<readonly ScenarioResult[]> {
  const layers = new Map<string, CandidateLayers>();
  const ready = new Map<string, ReadyCandidate>();
  for (const [index, candidate] of candidates.entries()) {
    const key = candidate.layers.join('+');
    const unpacked = layers.get(key) ?? (await layersOf(candidate, join(options.folder, key), options));
    layers.set(key, unpacked);
    const folder = join(options.folder, `function-${index}`);
    await mkdir(folder, { recursive: true });
    ready.set(candidate.name, await makeReady(candidate, unpacked, folder));
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

async function layersOf(
  { layers: interpreters }: MatrixCandidate,
  folder: string,
  { builder, dist, signal, note }: MeasureOptions,
): Promise<CandidateLayers> {
  const built = await builder.buildLayers({ interpreters, arch: MACHINE_ARCH, out: dist, signal, note });
  await mkdir(folder, { recursive: true });
  return candidateLayers(built, folder, signal);
}

async function makeReady(
  { name, variables }: MatrixCandidate,
  layers: CandidateLayers,
  folder: string,
): Promise<ReadyCandidate> {
  const prepare = async () => {
    const opt = await layers.unpack();
    await copyFile(NODE_HANDLER, join(folder, 'function.bundle.mjs'));
    return { file: join(opt, 'bootstrap'), args: [], folder, variables };
  };
  return {
    info: { name, description: '', versions: {}, role: 'peer' },
    missing: undefined,
    maxInFlight: 1,
    prepare,
    command: await prepare(),
    slow: false,
  };
}
