import { join } from 'node:path';
import process from 'node:process';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call } from '../../runtime/cli/verb.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';
import { makeWorkFolder, type WorkFolder } from '../../runtime/emulator/work-folder.ts';
import { allCandidates } from './candidates/all-candidates.ts';
import type { Candidate } from './candidates/candidate.ts';
import { candidateLayers } from './candidates/candidate-layers.ts';
import { AHEAD, PILOTLIGHT } from './candidates/pilotlight.ts';
import { commandOf, scenariosOf } from './options.ts';
import { peers } from './peers/peers.ts';
import { Progress } from './progress.ts';
import { type BenchResult, RESULT_FORMAT, RESULT_VERSION, type ScenarioResult } from './result.ts';
import { watchMachine } from './run/machine.ts';
import { type ReadyCandidate, runScenario } from './run/run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { noiseWarnings } from './statistics/warnings.ts';
import { SLOW, takesPart } from './suite.ts';

/** Where layers are built and reports are written. */
export const DIST = 'dist';

/**
 * Measures what the command line asks for: in each round every candidate runs once in a fresh environment, alone, and
 * answers event after event of one driver. Not controlled are the processors' frequency and caches, what else the
 * machine does (the result carries warnings), and the driver's own share, which is in every figure: two system calls
 * each way. Nothing here says how fast Lambda itself is.
 *
 * @param builder makes the layers that are missing
 * @param call the command line
 * @throws {ToolError} `USAGE` for options that cannot be used, `CANNOT` when a candidate failed
 */
export async function measure(builder: Builder, call: Call): Promise<BenchResult> {
  const { values, output, signal } = call;
  const startedAt = new Date();
  const scenarios = scenariosOf(values);
  const machine = watchMachine();
  const work = await makeWorkFolder();
  try {
    const candidates = await readyCandidates(builder, call, work, scenarios);
    const results = await runAll(scenarios, candidates, call, work);
    const result: Omit<BenchResult, 'warnings'> = {
      format: RESULT_FORMAT,
      version: RESULT_VERSION,
      startedAt: startedAt.toISOString(),
      tookS: (Date.now() - startedAt.getTime()) / 1000,
      command: commandOf(values),
      machine: machine(),
      candidates: candidates.map(({ info }) => info),
      scenarios: results,
    };
    output.detail(`took ${result.tookS.toFixed(0)} s`);
    return { ...result, warnings: noiseWarnings(result) };
  } finally {
    await work.remove();
    signal.throwIfAborted();
  }
}

async function readyCandidates(
  builder: Builder,
  { values, output, signal }: Call,
  work: WorkFolder,
  scenarios: readonly Scenario[],
): Promise<readonly ReadyCandidate[]> {
  const zips = await builder.buildLayers({
    interpreters: ['node'],
    arch: MACHINE_ARCH,
    out: DIST,
    signal,
    note: (line) => output.note(line),
  });
  const layers = candidateLayers(zips, await work.make('opt'), signal);
  const custom = (values.candidate ?? []) as readonly string[];
  const others = values.quick === true ? [] : peers;
  const ready: ReadyCandidate[] = [];
  for (const candidate of allCandidates(layers, others, custom, process.cwd())) {
    const { info, missing } = candidate;
    if (!scenarios.some((scenario) => takesPart(scenario, candidate))) continue;
    if (values.quick === true && info.role === 'peer' && isVariant(candidate)) continue;
    if (missing !== undefined) {
      output.note(`${info.name} is left out: ${missing}`);
      continue;
    }
    output.detail(`preparing ${info.name}`);
    const folder = await work.make(join('c', String(ready.length)));
    const command = await candidate.prepare(folder);
    ready.push({ ...candidate, command, slow: SLOW.includes(info.name) });
  }
  return ready;
}

/** Our own runtime in another form than the usual one, in scenarios that are not about it. */
function isVariant({ info }: Candidate): boolean {
  return ![PILOTLIGHT, AHEAD].includes(info.name) && 'pilotlight' in info.versions;
}

async function runAll(
  scenarios: readonly Scenario[],
  candidates: readonly ReadyCandidate[],
  { output, signal }: Call,
  work: WorkFolder,
): Promise<ScenarioResult[]> {
  const progress = new Progress(output, process.stderr, scenarios);
  const results: ScenarioResult[] = [];
  try {
    for (const [index, scenario] of scenarios.entries()) {
      const taking = candidates.filter((candidate) => takesPart(scenario, candidate));
      if (taking.length === 0) throw new ToolError('CANNOT', `Cannot run ${scenario.id}: nobody takes part`);
      const folder = await work.make(join('e', String(index)));
      const onStep = progress.step.bind(progress);
      results.push(await runScenario(scenario, taking, { folder, onStep, signal }));
    }
  } finally {
    progress.end();
  }
  return results;
}
