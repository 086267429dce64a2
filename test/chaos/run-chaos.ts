import { ALL_FAULTS } from './all-faults.ts';
import type { DeliveryResult } from './delivery.ts';
import { type EnvironmentEnd, startEnvironment, type Usage } from './environment.ts';
import { functionBundle } from './function-bundle.ts';
import { judgeAnswer } from './judge.ts';
import type { Plan, PlannedInvocation } from './plan.ts';
import { startPlatform } from './platform.ts';
import { checkUsage } from './usage.ts';

/** How often the main environment is looked at. */
const LOOKS = 40;
/** Small, so that it is full soon. */
const HEAP_MIB = '48';

/** An invocation that is over. */
export interface Outcome {
  readonly invocation: PlannedInvocation;
  readonly result: DeliveryResult;
  /** What is wrong with its answer. */
  readonly problem: string | undefined;
}

/** What a run saw. */
export interface ChaosRun {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** All that should not have been, in words. */
  readonly problems: readonly string[];
  /** Of the environment that serves the main part, at regular intervals. */
  readonly usage: readonly Usage[];
  readonly environments: number;
  readonly durationMs: number;
}

export interface ChaosOptions {
  /** Which form of the bootstrap. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What stands between bootstrap and Runtime API; returns the address that the bootstrap gets. */
  readonly between?: (authority: string) => Promise<string>;
  /** Told of each invocation that is over. */
  readonly onProgress?: (done: number) => void;
  /** Ends the run early: it tells of what it saw. */
  readonly signal?: AbortSignal;
}

/**
 * Sends a plan's invocations through the real bootstrap, one after the other, and has each fail as planned.
 *
 * @param plan what is sent
 * @param options the form of the bootstrap, and what stands before it
 */
export async function runChaos(plan: Plan, options: ChaosOptions = {}): Promise<ChaosRun> {
  const { variables = {}, between, onProgress = () => {}, signal } = options;
  const startedMs = performance.now();
  const platform = await startPlatform();
  const authority = (await between?.(platform.authority)) ?? platform.authority;
  const bundle = functionBundle(ALL_FAULTS);
  const outcomes: Outcome[] = [];
  const problems: string[] = [];
  const ends: EnvironmentEnd[] = [];
  const usage: Usage[] = [];
  const start = () => startEnvironment(authority, bundle, { PILOTLIGHT_HEAP_MIB: HEAP_MIB, ...variables });
  let environment = await start();

  async function replace(): Promise<void> {
    const end = await environment.end('SIGKILL');
    ends.push(end);
    problems.push(...end.orphans.map((command) => `left behind: ${command}`));
    environment = await start();
  }

  /** Waits for an answer, and for an environment to get it from. */
  async function serve(invocation: PlannedInvocation, mayEnd: boolean): Promise<void> {
    const answered = platform.invoke(invocation, {
      freeze: (pauseMs) => environment.freeze(pauseMs),
      killWorker: () => environment.killWorker(),
    });
    let result = await Promise.race([answered, environment.exited]);
    while (typeof result !== 'object') {
      if (!mayEnd) problems.push(`${invocation.id}: the environment ended with ${result}`);
      await replace();
      result = await Promise.race([answered, environment.exited]);
    }
    const problem = judgeAnswer(invocation, result.answer);
    outcomes.push({ invocation, result, problem });
    if (problem !== undefined) problems.push(problem);
    // As Lambda does after a timeout that it told itself.
    if (result.isTimeout) await replace();
    onProgress(outcomes.length);
  }

  async function serveAll(): Promise<void> {
    const every = Math.max(1, Math.floor(plan.main.length / LOOKS));
    for (const [index, invocation] of plan.main.entries()) {
      if (signal?.aborted) return;
      await serve(invocation, false);
      if (index % every !== 0 && index !== plan.main.length - 1) continue;
      await platform.polled();
      usage.push(await environment.usage());
    }
    for (const invocation of plan.endings) {
      if (signal?.aborted) return;
      await serve(invocation, true);
    }
  }

  try {
    await serveAll();
    await platform.polled();
    ends.push(await environment.end('SIGTERM'));
  } catch (error) {
    await environment.end('SIGKILL');
    throw error;
  } finally {
    await platform.close();
  }
  problems.push(...platform.violations, ...checkEnds(outcomes, ends), ...checkUsage(usage));
  return {
    plan,
    outcomes,
    problems,
    usage,
    environments: ends.length,
    durationMs: performance.now() - startedMs,
  };
}

/** The last one ends in peace, none leaves a process, and each handler began once. */
function checkEnds(outcomes: readonly Outcome[], ends: readonly EnvironmentEnd[]): string[] {
  const last = ends.at(-1) as EnvironmentEnd;
  const times = new Map<string, number>();
  for (const id of ends.flatMap(({ ran }) => ran)) times.set(id, (times.get(id) ?? 0) + 1);
  return [
    ...(last.exit === 0 ? [] : [`the last environment ended with ${last.exit}`]),
    ...last.orphans.map((command) => `left behind: ${command}`),
    ...outcomes
      .map(({ invocation }) => invocation.id)
      .filter((id) => times.get(id) !== 1)
      .map((id) => `${id} ran ${times.get(id) ?? 0} times`),
  ];
}
