import { join } from 'node:path';
import type { Candidate, EnvironmentCommand } from '../candidates/candidate.ts';
import type { DriverTask } from '../driver/protocol.ts';
import type { RunResult, ScenarioResult } from '../result.ts';
import type { Scenario } from '../scenario.ts';
import { DriverProcess } from './driver-process.ts';
import { measureCandidate } from './measure-candidate.ts';
import { placesOf } from './placement.ts';
import { rotate } from './rotate.ts';

/** A slow candidate gets a fortieth of the events: it would take longer than all others together. */
const SLOW_SHARE = 40;

/** A candidate whose files lie ready. */
export interface ReadyCandidate extends Candidate {
  readonly command: EnvironmentCommand;
  /** Whether an event takes it several milliseconds, however small it is. */
  readonly slow: boolean;
  /** Events before the measured ones, where the scenario has any; its own number unless said. */
  readonly warmUp?: number;
}

/** Where a run stands. */
export interface Step {
  readonly scenario: Scenario;
  readonly candidate: string;
  readonly round: number;
}

/**
 * Measures all candidates of a scenario, round by round, each in a fresh environment and alone.
 *
 * @param scenario what is asked
 * @param candidates those that take part, in the order of the first round
 * @param options where environments get their folders, what is told before each run, what stops it all
 * @throws {ToolError} `CANNOT` when a candidate failed or the machine has too few processors
 */
export async function runScenario(
  scenario: Scenario,
  candidates: readonly ReadyCandidate[],
  options: { folder: string; onStep: (step: Step) => void; signal: AbortSignal },
): Promise<ScenarioResult> {
  const { folder, onStep, signal } = options;
  const { id, kind, title, placement, eventBytes, inFlight, idleMs } = scenario;
  const places = placesOf(placement);
  const driver = await DriverProcess.start(places.driver, signal);
  const runs: RunResult[] = [];
  try {
    for (let round = 0; round < scenario.rounds; round++) {
      for (const { info, command, slow, warmUp } of rotate(candidates, round)) {
        signal.throwIfAborted();
        onStep({ scenario, candidate: info.name, round });
        const run = await measureCandidate({
          name: info.name,
          command,
          scenario,
          task: taskOf({ ...scenario, warmUp: Math.min(scenario.warmUp, warmUp ?? scenario.warmUp) }, slow),
          round,
          processor: places.environment,
          folder: join(folder, String(runs.length)),
          driver,
        });
        runs.push(run);
      }
    }
  } finally {
    await driver.end();
  }
  return { id, kind, title, placement, eventBytes, inFlight, idleMs, runs };
}

function taskOf({ kind, eventBytes, inFlight, idleMs, ...counts }: Scenario, slow: boolean): DriverTask {
  const share = (count: number) => (slow ? Math.ceil(count / SLOW_SHARE) : count);
  return {
    eventBytes,
    inFlight,
    idleMs,
    warmUp: share(counts.warmUp),
    invocations: share(counts.invocations),
    chunked: false,
    stamped: kind === 'phases',
  };
}
