import { readFileSync } from 'node:fs';
import { readNumber } from './memory.ts';

const MACHINE = '/proc/vmstat';
const COUNT = /^oom_kill (\d+)$/m;
/** A line of `/proc/self/cgroup` (cgroups(7)): the one hierarchy of version 2, or that of the memory in version 1. */
const OWN_GROUPS: readonly [line: RegExp, fileIn: (group: string) => string][] = [
  [
    /^\d+:(?:[^:\n]+,)?memory(?:,[^:\n]+)?:(.*)$/m,
    (group) => `/sys/fs/cgroup/memory${group}/memory.oom_control`,
  ],
  [/^0::(.*)$/m, (group) => `/sys/fs/cgroup${group}/memory.events`],
];

let counter: string | undefined;

/**
 * Reads how many processes the kernel has killed for lack of memory: in our own memory cgroup where it can be read, which
 * counts its own members whatever limit they met, else on the whole machine. On Lambda an environment is a machine of its
 * own; elsewhere another's may be among them.
 *
 * @returns `undefined` where the kernel does not count
 */
export function countMemoryKills(): number | undefined {
  counter ??= findCounter();
  return readNumber(counter, COUNT);
}

function findCounter(): string {
  try {
    const groups = readFileSync('/proc/self/cgroup', 'latin1');
    for (const [line, fileIn] of OWN_GROUPS) {
      const group = line.exec(groups)?.[1];
      // A group's root, and one seen from another place, may lack the file.
      if (group !== undefined && readNumber(fileIn(group), COUNT) !== undefined) return fileIn(group);
    }
  } catch {
    // No cgroups at all.
  }
  return MACHINE;
}
