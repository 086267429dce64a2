import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import process from 'node:process';
import type { Machine } from '../result.ts';

const GOVERNOR = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';
/** In the first line of `/proc/stat`, behind `cpu`: user, nice, system, idle, iowait, irq, softirq, steal. */
const STEAL_INDEX = 7;
const GUEST_INDEX = 8;

/**
 * Looks at the machine.
 *
 * @returns what it is, called when the run is over
 */
export function watchMachine(): () => Machine {
  const [load = 0] = loadavg();
  const before = readTimes();
  return () => {
    const governor = read(GOVERNOR)?.trim();
    const after = readTimes();
    const passed = after.map((ticks, index) => ticks - (before[index] ?? 0));
    const all = passed.slice(0, GUEST_INDEX).reduce((sum, ticks) => sum + ticks, 0);
    return {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryMiB: Math.round(totalmem() / 1024 / 1024),
      kernel: release(),
      node: process.versions.node,
      load,
      ...(governor === undefined ? {} : { governor }),
      ...(all === 0 ? {} : { stealPercent: (100 * (passed[STEAL_INDEX] ?? 0)) / all }),
    };
  };
}

function readTimes(): number[] {
  const [line = ''] = (read('/proc/stat') ?? '').split('\n', 1);
  return line.trim().split(/\s+/).slice(1).map(Number);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
