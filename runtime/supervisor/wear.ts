import { readResidentMemory } from './memory.ts';

/** When a worker has served its time; 0: never. */
export interface WearLimits {
  readonly invocations: number;
  readonly ageS: number;
  readonly memoryMiB: number;
}

/** What a worker has behind it. */
export interface Wear {
  /**
   * Notes that one of its invocations has ended.
   *
   * @returns why the worker is to be replaced; `undefined` while it may go on
   */
  note(): string | undefined;
}

/**
 * Begins to watch a worker that is ready.
 *
 * @param limits when it is to be replaced
 * @param pid its process
 */
export function watchWear({ invocations, ageS, memoryMiB }: WearLimits, pid: number | undefined): Wear {
  let served = 0;
  // Not the monotonic clock, which may stand still while the environment is frozen.
  const startedMs = Date.now();
  return {
    note() {
      served += 1;
      if (invocations > 0 && served >= invocations) return `it has served ${served} invocations`;
      const oldS = (Date.now() - startedMs) / 1000;
      if (ageS > 0 && oldS >= ageS) return `it is ${Math.floor(oldS)} s old`;
      if (memoryMiB === 0) return undefined;
      // One that has ended is told elsewhere.
      const residentMiB = (readResidentMemory(pid) ?? 0) / 2 ** 20;
      return residentMiB > memoryMiB ? `it holds ${Math.floor(residentMiB)} MiB` : undefined;
    },
  };
}
