import type { Metric } from '../result.ts';
import type { BaselineReport, Change } from './baseline.ts';
import { figure, type Unit, unitOf } from './figures.ts';
import { type Column, markdownTable } from './markdown-table.ts';

const COUNT: Unit = { name: 'per s', size: 1 };
const TITLES: Partial<Record<Metric, string>> = {
  p50: 'p50',
  firstAnswer: 'first answer',
  perSecond: 'throughput',
};

/**
 * Writes a comparison with an earlier run for people, as Markdown that is aligned in a terminal too.
 *
 * @param report the comparison
 * @returns a table for each scenario, and what is to be known about them
 */
export function writeBaseline({ notes, changes }: BaselineReport): string {
  const ids = [...new Set(changes.map(({ scenario }) => scenario.id))];
  const tables = ids.map((id) => tableOf(changes.filter(({ scenario }) => scenario.id === id)));
  const parts = [
    '# Compared with the baseline',
    tables.length === 0 ? 'The runs have no scenario and candidate in common.' : tables.join('\n\n'),
    notes.map((note) => `- Note: ${note}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function tableOf(changes: readonly Change[]): string {
  const [first] = changes;
  if (first === undefined) return '';
  const unit =
    first.metric === 'perSecond' ? COUNT : unitOf(changes.flatMap(({ now, before }) => [now, before]));
  const columns: Column<Change>[] = [
    { title: 'candidate', align: 'left', cell: ({ candidate }) => candidate },
    { title: `before ${unit.name}`, align: 'right', cell: ({ before }) => figure(before, unit.size) },
    { title: `now ${unit.name}`, align: 'right', cell: ({ now }) => figure(now, unit.size) },
    { title: 'change', align: 'left', cell: changeText },
    {
      title: 'change of the ratio to base',
      align: 'left',
      cell: ({ toBase }) => (toBase ? changeText(toBase) : ''),
    },
  ];
  return `## ${first.scenario.title}, ${TITLES[first.metric] ?? first.metric}\n\n${markdownTable(columns, changes)}`;
}

/** `-12.1 % (-14.0 to -9.8) better`. */
function changeText({ ratio, interval, verdict }: Pick<Change, 'ratio' | 'interval' | 'verdict'>): string {
  if (ratio === undefined) return '';
  const within = interval === undefined ? '' : ` (${percent(interval.low)} to ${percent(interval.high)})`;
  return `${percent(ratio)} %${within} ${verdict}`;
}

function percent(ratio: number): string {
  const value = (ratio - 1) * 100;
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}
