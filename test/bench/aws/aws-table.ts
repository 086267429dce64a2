import { Histogram } from '../histogram.ts';
import { figure } from '../report/figures.ts';
import { type Column, markdownTable } from '../report/markdown-table.ts';
import type { AwsResult, ColdStart } from './aws-result.ts';

const NS_PER_MS = 1e6;

/**
 * Writes what was measured of a deployed function for people, as Markdown that is aligned in a terminal too.
 *
 * @param result the measurement
 */
export function writeAwsTable(result: AwsResult): string {
  const { functionName, endpoint, eventBytes, startedAt, warm, cold } = result;
  const count = warm.invocations.toLocaleString('en-US');
  const parts = [
    `"${functionName}" ${endpoint === undefined ? 'on AWS' : `at ${endpoint}`}, event of ${eventBytes.toLocaleString('en-US')} B, ${startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    `## Warm invocations (${count}), ms`,
    warm.invocations === 0 ? 'No warm invocation was answered.' : warmTable(result),
    ...(cold.length === 0 ? [] : [`## Cold starts (${cold.length}), ms`, coldTable(cold)]),
    restLine(result),
  ];
  return `${parts.join('\n\n')}\n`;
}

function warmTable({ warm }: AwsResult): string {
  const rows = [
    { name: 'duration (platform)', times: Histogram.decode(warm.platform) },
    { name: 'round trip (here)', times: Histogram.decode(warm.roundTrip) },
  ];
  const percentile = (title: string, percent: number): Column<(typeof rows)[number]> => ({
    title,
    align: 'right',
    cell: ({ times }) => figure(times.percentile(percent), NS_PER_MS),
  });
  return markdownTable(
    [
      { title: 'time', align: 'left', cell: ({ name }) => name },
      percentile('p50', 50),
      percentile('p90', 90),
      percentile('p99', 99),
      percentile('p99.9', 99.9),
      { title: 'mean', align: 'right', cell: ({ times }) => figure(times.mean, NS_PER_MS) },
      { title: 'max', align: 'right', cell: ({ times }) => figure(times.max, NS_PER_MS) },
    ],
    rows,
  );
}

function coldTable(cold: readonly ColdStart[]): string {
  return markdownTable(
    [
      { title: 'init', align: 'right', cell: ({ initMs }) => figure(initMs) },
      { title: 'duration', align: 'right', cell: ({ durationMs }) => figure(durationMs) },
      { title: 'round trip', align: 'right', cell: ({ roundTripMs }) => figure(roundTripMs) },
    ],
    cold,
  );
}

function restLine({ warm, memorySizeMB, maxMemoryMB, functionErrors, throttles }: AwsResult): string {
  return [
    `memory ${maxMemoryMB} of ${memorySizeMB} MB`,
    `billed ${warm.billedMs.toLocaleString('en-US')} ms for the warm ones`,
    `function errors ${functionErrors}`,
    `throttled ${throttles}`,
  ].join(', ');
}
