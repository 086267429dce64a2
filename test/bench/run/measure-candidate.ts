import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import type { EnvironmentCommand } from '../candidates/candidate.ts';
import type { DriverTask, FromDriver, Measurement } from '../driver/protocol.ts';
import type { RunResult } from '../result.ts';
import type { Scenario } from '../scenario.ts';
import { CandidateFailure, type DriverProcess } from './driver-process.ts';
import { type Environment, startEnvironment } from './environment.ts';
import { cpuNs, listEnvironment, memoryUse } from './process-usage.ts';
import { readPhases, readStartPhases } from './read-phases.ts';

/** Who reports an error and ends is seen to end first, by another way than the report comes. */
const LAST_WORD_MS = 200;
/** A bootstrap that was asked to end writes its stamps and stops its worker, which takes less. */
const END_LIMIT_MS = 5_000;

/** One candidate in one round. */
export interface MeasureRequest {
  readonly name: string;
  readonly command: EnvironmentCommand;
  readonly scenario: Scenario;
  readonly task: DriverTask;
  readonly round: number;
  readonly processor: number | undefined;
  /** For this environment alone. */
  readonly folder: string;
  readonly driver: DriverProcess;
}

/**
 * Measures a candidate in a fresh environment, of which nothing is left afterwards.
 *
 * @throws {ToolError} `CANNOT` when the candidate failed, naming it and what it did
 */
export async function measureCandidate(request: MeasureRequest): Promise<RunResult> {
  const { name, scenario, driver, task, folder, processor, command } = request;
  const port = await driver.open(task);
  const environment = await startEnvironment({
    command,
    variables: { ...scenario.variables, ...(task.stamped ? { PILOTLIGHT_STAMPS: stampsFile(folder) } : {}) },
    port,
    inFlight: task.inFlight,
    processor,
    folder,
  }).catch((error: Error) => {
    throw new ToolError('CANNOT', `Cannot start "${name}": ${error.message}`, { cause: error });
  });
  let result: RunResult;
  try {
    result = await observe(request, environment);
  } catch (error) {
    throw error instanceof CandidateFailure ? await describeFailure(request, environment, error) : error;
  } finally {
    await environment.end();
  }
  await driver.release();
  return result;
}

async function describeFailure(
  { name, scenario }: MeasureRequest,
  environment: Environment,
  failure: CandidateFailure,
): Promise<ToolError> {
  const output = await environment.lastOutput();
  const printed = output === '' ? '' : `\n  last output   ${output.replaceAll('\n', '\n                ')}`;
  return new ToolError(
    'CANNOT',
    `Cannot measure "${name}" in ${scenario.id}: it ${failure.message}${printed}`,
    {
      cause: failure,
    },
  );
}

async function observe(request: MeasureRequest, environment: Environment): Promise<RunResult> {
  const { name, scenario, driver, task, round, folder } = request;
  let cpuBefore = 0;
  if (task.warmUp > 0) {
    await toldOrEnded(driver, environment, 'warm');
    cpuBefore = await cpuNs(await listEnvironment(environment.pid));
    driver.measure();
  }
  const { measurement } = await toldOrEnded(driver, environment, 'measured');
  const pids = await listEnvironment(environment.pid);
  const cpu = (await cpuNs(pids)) - cpuBefore;
  const memory = await memoryUse(pids);
  const shared = { candidate: name, round, invocations: measurement.invocations };
  if (scenario.kind === 'cold') return { ...shared, memory, cold: coldOf(measurement, environment) };
  const figures = {
    ...shared,
    latency: measurement.latency,
    turnaround: measurement.turnaround,
    perSecond: measurement.invocations / (measurement.tookNs / 1e9),
    ...(task.warmUp > 0 ? { cpuUsPerInvocation: cpu / 1e3 / measurement.events } : {}),
    memory,
  };
  if (!task.stamped) return figures;
  await environment.terminate();
  await Promise.race([environment.ended, setTimeout(END_LIMIT_MS, undefined, { ref: false })]);
  const stamps = stampsFile(folder);
  if (task.warmUp > 0) return { ...figures, phases: await readPhases(stamps, measurement.stamps) };
  const { spawnedNs } = environment;
  return { ...figures, phases: await readStartPhases(stamps, { ...measurement, spawnedNs }) };
}

function coldOf(measurement: Measurement, { spawnedNs }: Environment) {
  return {
    firstPollNs: measurement.firstPollNs - spawnedNs,
    firstAnswerNs: measurement.firstAnswerNs - spawnedNs,
  };
}

/** Waits for the driver's word; an environment that ended will not bring it about any more. */
async function toldOrEnded<Kind extends FromDriver['kind']>(
  driver: DriverProcess,
  environment: Environment,
  kind: Kind,
): Promise<Extract<FromDriver, { kind: Kind }>> {
  const ended = environment.ended.then(async (how) => {
    await setTimeout(LAST_WORD_MS, undefined, { ref: false });
    throw new CandidateFailure(`${how} before it was done`);
  });
  return Promise.race([driver.told(kind), ended]);
}

function stampsFile(folder: string): string {
  return join(folder, 'stamps');
}
