import type { Usage } from './environment.ts';

/** The first looks tell of a bootstrap that has not loaded all of its code. */
const SETTLED = 0.25;
/** Connections and pipes come and go by that many. */
const DESCRIPTOR_PLAY = 3;
/** What a collector may leave lying; a leak in a run of thousands is far above it. */
const MEMORY_PLAY = 1.25;
const MEMORY_PLAY_BYTES = 8 * 2 ** 20;
/** The bootstrap and its worker. */
const PROCESSES = 2;

/**
 * Looks for what a bootstrap gathers in the course of a run.
 *
 * @param looks at regular intervals, each at rest
 * @returns in words what it should not hold
 */
export function checkUsage(looks: readonly Usage[]): string[] {
  const last = looks.at(-1);
  const settled = looks[Math.floor(looks.length * SETTLED)];
  if (last === undefined || settled === undefined) return [];
  const problems: string[] = [];
  if (last.processes > PROCESSES) problems.push(`${last.processes} processes at last, expected ${PROCESSES}`);
  if (last.descriptors > settled.descriptors + DESCRIPTOR_PLAY)
    problems.push(`${last.descriptors} descriptors at last, ${settled.descriptors} before`);
  if (last.files > settled.files)
    problems.push(`${last.files} files in /tmp at last, ${settled.files} before`);
  if (last.memoryBytes > settled.memoryBytes * MEMORY_PLAY + MEMORY_PLAY_BYTES)
    problems.push(`${inMiB(last.memoryBytes)} MiB at last, ${inMiB(settled.memoryBytes)} MiB before`);
  return problems;
}

function inMiB(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
