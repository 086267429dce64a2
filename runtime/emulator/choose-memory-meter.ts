import { CgroupMeter } from './cgroup-meter.ts';
import type { MakeMemoryMeter } from './memory-meter.ts';
import { ProportionalMeter } from './proportional-meter.ts';
import { findCgroupPlace } from './sandbox/find-cgroup-place.ts';

/** How environments are held to their memory, and why so, for the line that `dev` and `invoke` print. */
export interface MemoryChoice {
  readonly make: MakeMemoryMeter;
  readonly reason: string;
}

/**
 * Chooses how environments are held to their memory: by the kernel where it can be, which is found out by trying.
 *
 * @param workFolder folder of what functions write to `/tmp`
 * @param mayUseCgroups false for the way that works everywhere
 */
export async function chooseMemoryMeter(workFolder: string, mayUseCgroups: boolean): Promise<MemoryChoice> {
  const { place, problem } = mayUseCgroups ? await findCgroupPlace(workFolder) : { problem: 'asked for' };
  if (place === undefined) {
    return {
      make: (limitBytes) => new ProportionalMeter(limitBytes),
      reason: `proportional set size: ${problem}`,
    };
  }
  return {
    make: (limitBytes) => new CgroupMeter(limitBytes, place),
    reason: `cgroup: version ${place.version}, in "${place.folder}"`,
  };
}
