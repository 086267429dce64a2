import { type Column, markdownTable } from '../../bench/report/markdown-table.ts';
import type { SoakRun, SoakWindow } from './run-soak.ts';

const COLUMNS: readonly Column<SoakWindow>[] = [
  { title: 'until', align: 'right', cell: ({ endMs }) => `${(endMs / 60_000).toFixed(1)} min` },
  { title: 'invocations', align: 'right', cell: ({ invocations }) => String(invocations) },
  { title: 'p50', align: 'right', cell: ({ p50Ms }) => `${p50Ms.toFixed(2)} ms` },
  { title: 'p99', align: 'right', cell: ({ p99Ms }) => `${p99Ms.toFixed(2)} ms` },
  { title: 'most', align: 'right', cell: ({ maxMs }) => `${maxMs.toFixed(1)} ms` },
  { title: 'bootstrap', align: 'right', cell: ({ memoryBytes }) => inMiB(memoryBytes) },
  { title: 'worker', align: 'right', cell: ({ workerBytes }) => inMiB(workerBytes) },
  { title: 'descriptors', align: 'right', cell: ({ descriptors }) => String(descriptors) },
];

/**
 * Writes the figures of a soak for people.
 *
 * @param run what was seen
 */
export function writeSoakReport({ seed, windows, problems }: SoakRun): string {
  const sum = windows.reduce((all, { invocations }) => all + invocations, 0);
  const verdict = problems.length === 0 ? 'each was answered once, and right' : `${problems.length} problems`;
  return [
    markdownTable(COLUMNS, windows),
    '',
    `${sum} invocations, seed ${seed}: ${verdict}`,
    ...problems.slice(0, 20).map((problem) => `  ${problem}`),
    '',
  ].join('\n');
}

function inMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
