import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, type Random } from '../../helpers/random.ts';
import { startEnvironment, type Usage } from '../environment.ts';
import type { Fault } from '../fault.ts';
import { isKilled } from '../faults/is-killed.ts';
import { throws } from '../faults/throws.ts';
import { functionBundle } from '../function-bundle.ts';
import { judgeAnswer } from '../judge.ts';
import type { PlannedInvocation } from '../plan.ts';
import { startPlatform } from '../platform.ts';
import { quantile } from '../quantile.ts';
import { checkUsage } from '../usage.ts';

/** The mixture: parts of 1 that fail, kill their worker, or carry a large event. */
const THROWS = 0.02;
const KILLED = 0.001;
const LARGE = 0.05;
const LARGE_BYTES = 100_000;
const SMALL_BYTES = 200;

/** A steady load, and how long. */
export interface SoakOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** How often figures are taken. */
  readonly windowMs: number;
  readonly perSecond: number;
  /** Told of each window that is over. */
  readonly onWindow?: (window: SoakWindow) => void;
  readonly signal?: AbortSignal;
}

/** The figures of one window. */
export interface SoakWindow extends Usage {
  readonly endMs: number;
  readonly invocations: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface SoakRun {
  readonly seed: number;
  readonly windows: readonly SoakWindow[];
  readonly problems: readonly string[];
}

/**
 * Keeps one environment under a steady, mixed load, and takes its figures in each window.
 *
 * @param options the load, and how long
 */
export async function runSoak(options: SoakOptions): Promise<SoakRun> {
  const { seed, durationMs, windowMs, perSecond, onWindow, signal } = options;
  const random = createRandom(seed);
  const platform = await startPlatform();
  const environment = await startEnvironment(platform.authority, functionBundle([throws, isKilled]), {});
  const windows: SoakWindow[] = [];
  const problems: string[] = [];
  const startMs = performance.now();
  let latenciesMs: number[] = [];
  let sent = 0;
  let dueMs = startMs;

  async function sendOne(): Promise<void> {
    const invocation = draw(random, seed, sent);
    const calledMs = performance.now();
    const gone = environment.exited.then((exit) => {
      throw new Error(`The environment ended with ${exit} within ${invocation.id}`);
    });
    const { answer, answeredMs } = await Promise.race([platform.invoke(invocation, environment), gone]);
    latenciesMs.push(answeredMs - calledMs);
    sent += 1;
    const problem = judgeAnswer(invocation, answer);
    if (problem !== undefined) problems.push(problem);
  }

  async function closeWindow(endMs: number): Promise<void> {
    await platform.polled();
    const sorted = latenciesMs.sort((a, b) => a - b);
    const window = {
      endMs,
      invocations: sorted.length,
      p50Ms: quantile(sorted, 0.5) ?? 0,
      p99Ms: quantile(sorted, 0.99) ?? 0,
      maxMs: sorted.at(-1) ?? 0,
      ...(await environment.usage()),
    };
    latenciesMs = [];
    windows.push(window);
    onWindow?.(window);
  }

  try {
    for (let endMs = windowMs; endMs <= durationMs; endMs += windowMs) {
      while (performance.now() - startMs < endMs) {
        signal?.throwIfAborted();
        await sendOne();
        // What was missed by being slow is not made up for.
        dueMs = Math.max(dueMs + 1000 / perSecond, performance.now());
        await delay(Math.max(0, dueMs - performance.now()));
      }
      await closeWindow(endMs);
    }
    const { exit, orphans } = await environment.end('SIGTERM');
    if (exit !== 0) problems.push(`the environment ended with ${exit}`);
    problems.push(...orphans.map((command) => `left behind: ${command}`));
  } catch (error) {
    await environment.end('SIGKILL');
    throw error;
  } finally {
    await platform.close();
  }
  return { seed, windows, problems: [...problems, ...platform.violations, ...checkUsage(windows)] };
}

function draw(random: Random, seed: number, n: number): PlannedInvocation {
  const fault = drawFault(random);
  const bytes = random.chance(LARGE) ? LARGE_BYTES : SMALL_BYTES;
  const event = { n, text: 'x'.repeat(bytes), fault: fault?.name };
  return { id: `${seed}-${n}`, event, faults: fault === undefined ? [] : [fault], pauseMs: 0 };
}

function drawFault(random: Random): Fault | undefined {
  if (random.chance(KILLED)) return isKilled;
  return random.chance(THROWS) ? throws : undefined;
}
