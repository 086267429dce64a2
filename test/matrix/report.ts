import { figure } from '../bench/report/figures.ts';
import { type Column, markdownTable } from '../bench/report/markdown-table.ts';
import type { Metric, ScenarioResult } from '../bench/result.ts';
import { compare } from '../bench/statistics/compare.ts';
import { summarize } from '../bench/statistics/summary.ts';
import { PLAIN_PAIR, REFERENCE } from './candidates.ts';
import { ASPECTS, type Aspect } from './probes.ts';
import type { FoundDifference, MatrixResult } from './result.ts';
import type { ScenarioName } from './scenarios.ts';

const US = 1e3;
const MS = 1e6;
const KIB_PER_MIB = 1024;
/** Of a value in the list of differences, round the first place that differs. */
const SHOWN_LENGTH = 200;
const LEAD_LENGTH = 60;

type Row = MatrixResult['candidates'][number];

/**
 * Writes a run for people, as Markdown that is aligned in a terminal too.
 *
 * @param result the run
 * @returns one table, what its columns mean, and every difference
 */
export function writeMatrix(result: MatrixResult): string {
  const { machine, tookS, candidates, missing } = result;
  const parts = [
    `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}, load ${machine.load.toFixed(1)} before; ${tookS.toFixed(0)} s`,
    markdownTable(columnsOf(result), candidates),
    `${LEGEND}${paceOf(result)}`,
    missing.map(({ name, reason }) => `- ${name} is left out: ${reason}`).join('\n'),
    ...differenceLines(result.differences),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const LEGEND = `Ratios are medians over the rounds with the 95 % interval, to "${REFERENCE}" in the same round; of cold starts to
"${PLAIN_PAIR}". \`MB\` is the PSS of all processes of an environment that waits; one of mode process has no worker then. Persistent workers get
event after event, the others one in a while, and are related to "${REFERENCE}", warmed up, at the same pace.`;

function paceOf({ scenarios }: MatrixResult): string {
  const paced = scenarios.find(({ id }) => id === 'paced');
  const p50 = paced && summarize(paced, REFERENCE).metrics.p50?.median;
  return p50 === undefined ? '' : ` There its p50 is ${figure(p50, US)} µs.`;
}

function columnsOf(result: MatrixResult): Column<Row>[] {
  const scenario = (name: ScenarioName) => result.scenarios.find(({ id }) => id === name);
  const small = ({ mode }: Row) => scenario(mode === 'persistent' ? 'warm' : 'paced');
  const large = () => scenario('large');
  const cold = () => scenario('cold');
  return [
    { title: 'worker', align: 'left', cell: ({ name }) => name },
    ...ASPECTS.map(
      (aspect): Column<Row> => ({ title: aspect, align: 'left', cell: verdict(result, aspect) }),
    ),
    figures('p50 µs', small, 'p50', US),
    figures('p99 µs', small, 'p99', US),
    ratios('p50 to node', small, 'p50', REFERENCE),
    ratios('1 MB p50 to node', large, 'p50', REFERENCE),
    figures('cold ms', cold, 'firstAnswer', MS),
    ratios('cold to plain pair', cold, 'firstAnswer', PLAIN_PAIR),
    figures('MB', (row) => (row.runs === 'start' ? cold() : small(row)), 'memory', KIB_PER_MIB),
  ];
}

function verdict({ differences }: MatrixResult, aspect: Aspect): (row: Row) => string {
  return ({ name, runs }) => {
    if (runs !== 'bundle') return '';
    const own = differences.filter((each) => each.candidate === name && each.aspect === aspect);
    const unknown = own.filter(({ reason }) => reason === undefined).length;
    if (unknown > 0) return `${unknown} DIFFER`;
    return own.length === 0 ? 'same' : `${own.length} known`;
  };
}

function figures(
  title: string,
  scenarioOf: (row: Row) => ScenarioResult | undefined,
  metric: Metric,
  size: number,
): Column<Row> {
  return {
    title,
    align: 'right',
    cell: (row) => {
      const scenario = scenarioOf(row);
      return figure(scenario && summarize(scenario, row.name).metrics[metric]?.median, size);
    },
  };
}

function ratios(
  title: string,
  scenarioOf: (row: Row) => ScenarioResult | undefined,
  metric: Metric,
  base: string,
): Column<Row> {
  return {
    title,
    align: 'left',
    cell: (row) => {
      const scenario = scenarioOf(row);
      if (scenario === undefined || row.name === base) return '';
      const { ratio, interval } = compare(scenario, row.name, base, metric);
      const within = interval === undefined ? '' : ` (${figure(interval.low)}-${figure(interval.high)})`;
      return ratio === undefined ? '' : `${figure(ratio)}${within}`;
    },
  };
}

/** What is to be expected in a line for each reason, all else with what both showed. */
function differenceLines(differences: readonly FoundDifference[]): string[] {
  const unknown = differences.filter(({ reason }) => reason === undefined);
  const known = Map.groupBy(
    differences.filter(({ reason }) => reason !== undefined),
    ({ aspect, reason }) => `${aspect}: ${reason}`,
  );
  const unique = (names: readonly string[], separator: string) => [...new Set(names)].join(separator);
  return [
    [...known]
      .map(([what, all]) => {
        const names = all.map(({ candidate }) => candidate);
        const probes = all.map(({ probe }) => probe);
        return `- ${unique(names, ', ')} in ${what} (${unique(probes, '; ')})`;
      })
      .join('\n'),
    ...unknown.map(({ candidate, aspect, probe, expected, found }) => {
      const [left, right] = [expected, found].map((value) => JSON.stringify(value) ?? 'nothing') as [
        string,
        string,
      ];
      const from = Math.max(0, firstDifference(left, right) - LEAD_LENGTH);
      const [wanted, got] = [left, right].map((text) => excerpt(text, from));
      return `${candidate} differs in ${aspect}, "${probe}"\n  expected ${wanted}\n  found    ${got}`;
    }),
  ];
}

function firstDifference(left: string, right: string): number {
  let index = 0;
  while (index < left.length && left[index] === right[index]) index += 1;
  return index;
}

function excerpt(text: string, from: number): string {
  const [before, after] = [from > 0 ? '…' : '', text.length > from + SHOWN_LENGTH ? '…' : ''];
  return `${before}${text.slice(from, from + SHOWN_LENGTH)}${after}`;
}
