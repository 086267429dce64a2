import { readFile } from 'node:fs/promises';
import type { InvocationStamps } from '../driver/protocol.ts';
import type { PhaseResult } from '../result.ts';

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
  for (const line of (await readFile(file, 'utf8')).split('\n').filter(Boolean)) {
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
  return Object.entries(phases).map(([name, times]) => ({ name, medianNs: median(times) }));
}

function parseStamps(line: string): BootstrapStamps & { requestId: string } {
  const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const ns = (name: string) => {
    const number = Number(value[name] ?? Number.NaN);
    if (Number.isNaN(number)) throw new Error(`Cannot read the stamps "${line}": expected "${name}"`);
    return number;
  };
  return {
    requestId: String(value.requestId),
    received: ns('received'),
    forwarded: ns('forwarded'),
    returned: ns('returned'),
    posted: ns('posted'),
  };
}

function median(times: number[]): number {
  const sorted = times.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
