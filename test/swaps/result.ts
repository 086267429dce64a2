import type { Machine } from '../bench/result.ts';
import { median } from '../bench/statistics/median.ts';
import { quantile } from '../chaos/quantile.ts';
import type { Holdings } from './leftovers.ts';
import type { Sample } from './load.ts';
import type { SaveToAnswer } from './save-to-answer.ts';
import type { DoneSwap } from './swapper.ts';

/** How long after the turn a swap is still felt, in milliseconds: what drains is ended. */
const AFTERMATH_MS = 250;

/** Of the function, which has more clients. */
export const MAX_ENVIRONMENTS = 4;

/** What a run found; `--json` prints it. */
export interface SwapsResult {
  readonly machine: Machine;
  readonly swaps: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  /** Good code that was refused once because the machine took more than ten seconds for an init. */
  readonly timeouts: number;
  readonly clients: number;
  readonly invocations: number;
  /** The first of those that failed. */
  readonly failures: readonly string[];
  readonly failed: number;
  readonly stale: number;
  readonly swapP50Ms: number;
  readonly during: Latency;
  readonly without: Latency;
  /** A caller's, under the same load. */
  readonly coldStartP50Ms: number;
  /** The longest wait during swaps. */
  readonly longestInColdStarts: number;
  readonly areLayersSame: boolean;
  readonly before: Holdings;
  readonly after: Holdings;
  /** What was there after Ctrl-C. */
  readonly left: readonly string[];
  readonly saveP50Ms: number;
  readonly saveParts: Readonly<Record<string, number>>;
  /** What is not as it should be; times are no reason, a busy machine has others. */
  readonly problems: readonly string[];
}

/** Of invocations, in milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What a run saw. */
export interface Seen {
  readonly options: { readonly clients: number };
  readonly machine: Machine;
  readonly saves: readonly SaveToAnswer[];
  readonly left: readonly string[];
  readonly done: readonly DoneSwap[];
  readonly coldStartsMs: readonly number[];
  readonly refused: Readonly<Record<string, number>>;
  readonly timeouts: number;
  readonly samples: readonly Sample[];
  readonly stale: readonly Sample[];
  readonly before: Holdings;
  readonly after: Holdings;
  readonly areLayersSame: boolean;
}

/** Makes figures of what a run saw. */
export function summarize(seen: Seen): SwapsResult {
  const { samples, done, stale, before, after, left, areLayersSame } = seen;
  const failed = samples.filter(({ failure }) => failure !== undefined);
  const isDuring = ({ sentMs, receivedMs }: Sample) =>
    done.some(({ askedMs, flippedMs }) => sentMs <= flippedMs + AFTERMATH_MS && receivedMs >= askedMs);
  const groups = Object.groupBy(samples, (sample) => (isDuring(sample) ? 'during' : 'without'));
  const coldStartP50Ms = median(seen.coldStartsMs) ?? Number.NaN;
  const during = latencyOf(groups.during ?? []);
  const names = Object.keys(seen.saves[0]?.parts ?? {});
  return {
    machine: seen.machine,
    swaps: countBy(done.map(({ way }) => way)),
    refused: seen.refused,
    timeouts: seen.timeouts,
    clients: seen.options.clients,
    invocations: samples.length,
    failures: failed.slice(0, 5).map(({ failure = '' }) => failure),
    failed: failed.length,
    stale: stale.length,
    swapP50Ms: median(done.map(({ told }) => told.tookMs ?? 0)) ?? Number.NaN,
    during,
    without: latencyOf(groups.without ?? []),
    coldStartP50Ms,
    longestInColdStarts: during.maxMs / coldStartP50Ms,
    areLayersSame,
    before,
    after,
    left,
    saveP50Ms: median(seen.saves.map(({ totalMs }) => totalMs)) ?? Number.NaN,
    saveParts: Object.fromEntries(
      names.map((name) => [name, median(seen.saves.map(({ parts }) => parts[name] ?? 0)) ?? 0]),
    ),
    problems: [
      ...(failed.length === 0 ? [] : [`${failed.length} invocations failed: ${failed[0]?.failure}`]),
      ...(stale.length === 0 ? [] : [`${stale.length} answers came from a version that was not current`]),
      ...(areLayersSame ? [] : ['a layer has changed']),
      ...(after.awake === 0 ? [] : [`${after.awake} processes of idle environments are not stopped`]),
      ...grown(before, after),
      ...left.map((what) => `left behind: ${what}`),
    ],
  };
}

/**
 * What has become more than it may: how many environments there are depends on the load, but not what each has.
 *
 * @returns a line for each
 */
export function grown(before: Holdings, after: Holdings): string[] {
  const most = {
    environments: MAX_ENVIRONMENTS,
    processes: (before.processes / before.environments) * after.environments,
    cgroups: after.environments,
    folders: before.folders,
  };
  return (['environments', 'processes', 'cgroups', 'folders'] as const)
    .filter((key) => after[key] > most[key])
    .map((key) => `${key}: ${after[key]} after the swaps, expected at most ${most[key]}`);
}

function latencyOf(samples: readonly Sample[]): Latency {
  const sorted = samples.map(({ sentMs, receivedMs }) => receivedMs - sentMs).toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    p50Ms: quantile(sorted, 0.5) ?? Number.NaN,
    p99Ms: quantile(sorted, 0.99) ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}

function countBy(values: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(values, (value) => value)].map(([name, all]) => [name, all.length]),
  );
}
