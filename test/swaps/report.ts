import { markdownTable } from '../bench/report/markdown-table.ts';
import type { SwapsResult } from './result.ts';

/**
 * Writes a run for people.
 *
 * @param result the run
 */
export function writeSwaps(result: SwapsResult): string {
  const { machine, during, without, before, after, problems } = result;
  const ms = (value: number) => value.toFixed(1);
  const latencies = markdownTable(
    [
      { title: 'invocations', align: 'left', cell: ([name]) => name },
      { title: 'count', align: 'right', cell: ([, { count }]) => String(count) },
      { title: 'p50 ms', align: 'right', cell: ([, { p50Ms }]) => ms(p50Ms) },
      { title: 'p99 ms', align: 'right', cell: ([, { p99Ms }]) => ms(p99Ms) },
      { title: 'longest ms', align: 'right', cell: ([, { maxMs }]) => ms(maxMs) },
    ],
    [['during swaps', during] as const, ['without', without] as const],
  );
  const holdings = markdownTable(
    [
      { title: '', align: 'left', cell: ([name]) => name },
      { title: 'environments', align: 'right', cell: ([, { environments }]) => String(environments) },
      { title: 'processes', align: 'right', cell: ([, { processes }]) => String(processes) },
      { title: 'cgroups', align: 'right', cell: ([, { cgroups }]) => String(cgroups) },
      { title: 'folders', align: 'right', cell: ([, { folders }]) => String(folders) },
      { title: 'dev MiB', align: 'right', cell: ([, { residentMiB }]) => residentMiB.toFixed(0) },
    ],
    [['before the swaps', before] as const, ['after them', after] as const],
  );
  const parts = Object.entries(result.saveParts).map(([name, value]) => `${name} ${ms(value)}`);
  return `${[
    `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}, load ${machine.load.toFixed(1)} before`,
    [
      `swaps     ${counts(result.swaps)}; p50 ${ms(result.swapP50Ms)} ms until all environments were there`,
      `refused   ${counts(result.refused)}`,
      ...(result.timeouts === 0
        ? []
        : [`too slow  ${result.timeouts} inits of good code took ten seconds; swapped again`]),
      `answers   ${result.invocations} to ${result.clients} clients: ${result.failed} failed, ${result.stale} of a version that was not current`,
      `longest   ${ms(during.maxMs)} ms during swaps, ${result.longestInColdStarts.toFixed(2)} cold starts of ${ms(result.coldStartP50Ms)} ms (p50 under the same load)`,
      `layers    ${result.areLayersSame ? 'unchanged' : 'CHANGED'}`,
      `save      ${ms(result.saveP50Ms)} ms p50 to the new answer: ${parts.join(', ')}`,
    ].join('\n'),
    latencies,
    holdings,
    problems.map((problem) => `PROBLEM   ${problem}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function counts(byName: Readonly<Record<string, number>>): string {
  const total = Object.values(byName).reduce((sum, count) => sum + count, 0);
  return `${total}: ${Object.entries(byName)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}`;
}
