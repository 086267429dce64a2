import { readFile } from 'node:fs/promises';
import type { InvocationStamps } from '../driver/protocol.ts';
import type { PhaseResult } from '../result.ts';
import { median } from '../statistics/median.ts';

/** The bootstrap's own stamps of an invocation, as it writes them; nanoseconds of the monotonic clock. */
interface BootstrapStamps {
  readonly received: number;
  readonly forwarded: number;
  readonly returned: number;
  readonly posted: number;
}

/**
 * Puts the stamps of driver, handler and bootstrap together.
 *
 * @param file what the bootstrap wrote to `PILOTLIGHT_STAMPS`
 * @param invocations as driver and handler saw them
 * @returns the phases in the order of an invocation, each called after the stamp that ends it
 * @throws when the file lacks an invocation
 */
export async function readPhases(
  file: string,
  invocations: readonly InvocationStamps[],
): Promise<readonly PhaseResult[]> {
  const stamps = new Map<string, BootstrapStamps>();
  const [, ...lines] = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  for (const line of lines) {
    const { requestId, ...times } = parseStamps(line);
    stamps.set(requestId, times);
  }
  const phases: Record<string, number[]> = {};
  for (const { requestId, sentNs, handlerNs, answeredNs } of invocations) {
    const own = stamps.get(requestId);
    if (own === undefined) throw new Error(`"${file}" has no stamps of "${requestId}"`);
    let before = sentNs;
    for (const [name, ns] of Object.entries({
      received: own.received,
      forwarded: own.forwarded,
      handler: handlerNs,
      returned: own.returned,
      posted: own.posted,
      answered: answeredNs,
    })) {
      phases[name] ??= [];
      phases[name].push(ns - before);
      before = ns;
    }
  }
  return Object.entries(phases).map(([name, times]) => ({ name, medianNs: median(times) ?? 0 }));
}

/**
 * Puts the stamps of driver and bootstrap together for a cold start.
 *
 * @param file what the bootstrap wrote to `PILOTLIGHT_STAMPS`
 * @param seen when the environment was spawned, and what the driver got when; nanoseconds of the monotonic clock
 * @returns the phases in their order, each called after what ends it
 * @throws when the file lacks a stamp
 */
export async function readStartPhases(
  file: string,
  seen: { readonly spawnedNs: number; readonly firstPollNs: number; readonly firstAnswerNs: number },
): Promise<readonly PhaseResult[]> {
  const [line = ''] = (await readFile(file, 'utf8')).split('\n');
  const { start } = JSON.parse(line) as { start: Readonly<Record<string, unknown>> };
  let before = seen.spawnedNs;
  return Object.entries({
    shell: numberIn(start, 'node', line),
    node: numberIn(start, 'begun', line),
    prepared: numberIn(start, 'prepared', line),
    'worker ready': numberIn(start, 'ready', line),
    'first poll': seen.firstPollNs,
    'first answer': seen.firstAnswerNs,
  }).map(([name, ns]) => {
    const medianNs = ns - before;
    before = ns;
    return { name, medianNs };
  });
}

function parseStamps(line: string): BootstrapStamps & { requestId: string } {
  const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const ns = (name: string) => numberIn(value, name, line);
  return {
    requestId: String(value.requestId),
    received: ns('received'),
    forwarded: ns('forwarded'),
    returned: ns('returned'),
    posted: ns('posted'),
  };
}

function numberIn(value: Readonly<Record<string, unknown>>, name: string, line: string): number {
  const number = Number(value[name] ?? Number.NaN);
  if (Number.isNaN(number)) throw new Error(`Cannot read the stamps "${line}": expected "${name}"`);
  return number;
}
