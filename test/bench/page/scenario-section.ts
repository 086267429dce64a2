import { figure } from '../report/figures.ts';
import type { ScenarioRow } from '../report/scenario-rows.ts';
import type { Metric, ScenarioResult } from '../result.ts';
import { HEADLINE, largerIsBetter } from '../statistics/metric.ts';
import { scenarioTable } from './figures-table.ts';
import { formatTick, formatTime } from './format.ts';
import type { Look } from './looks.ts';
import { type Markup, markup } from './markup.ts';
import { plotBars } from './plot-bars.ts';
import { plotDensity } from './plot-density.ts';
import { plotPercentiles } from './plot-percentiles.ts';
import { plotRatios, type Ratio } from './plot-ratios.ts';
import { gatherSeries, type Series } from './series.ts';
import { plotWaterfall } from './waterfall.ts';

const METRIC_NAMES: Readonly<Partial<Record<Metric, string>>> = {
  mean: 'Mean latency',
  p50: 'Median latency',
  p90: 'Latency at 90 %',
  p99: 'Latency at 99 %',
  turnaround: 'Median turnaround',
  cpu: 'CPU time an invocation',
  perSecond: 'Throughput',
  firstAnswer: 'Time to the first answer',
};
const RATIOS: Readonly<Record<ScenarioResult['kind'], readonly Metric[]>> = {
  warm: ['p50', 'turnaround', 'p99', 'cpu'],
  first: ['mean', 'p50', 'p90'],
  idle: ['p50', 'turnaround'],
  log: ['p50', 'turnaround'],
  concurrent: ['perSecond'],
  cold: ['firstAnswer'],
  phases: [],
};

/**
 * The part of the page about one scenario: plots and the figures.
 *
 * @param scenario what was measured
 * @param rows its candidates, the best first
 * @param looks of all candidates
 * @param id of the section, for links
 */
export function scenarioSection(
  scenario: ScenarioResult,
  rows: readonly ScenarioRow[],
  looks: ReadonlyMap<string, Look>,
  id: string,
): Markup {
  const series = gatherSeries(scenario, rows, looks);
  const plots = [
    ...latencyPlots(scenario, series),
    ...barPlots(scenario, series),
    ...ratioPlots(scenario, series),
  ];
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${scenario.title}</h2>
${
  series.length === 0
    ? markup`<p>Nothing was measured.</p>`
    : markup`<p class="extent">${describeExtent(scenario)}</p>
<div class="plots">${plots}</div>
${scenarioTable(scenario, series)}`
}
</section>
`;
}

function latencyPlots({ kind, title }: ScenarioResult, series: readonly Series[]): Markup[] {
  const timed = series.filter(({ latency }) => latency !== undefined);
  if (kind === 'phases') {
    const phased = series.filter(({ row }) => row.summary.phases.length > 0);
    return phased.length === 0 ? [] : [plotWaterfall(phased, title)];
  }
  return kind === 'cold' || timed.length === 0
    ? []
    : [plotDensity(timed, title), plotPercentiles(timed, title)];
}

function barPlots({ kind, title: about }: ScenarioResult, series: readonly Series[]): Markup[] {
  if (kind === 'concurrent') {
    const bars = barsOf(series, 'perSecond', 'perSecond', ({ perSecond }) => perSecond);
    if (bars.length === 0) return [];
    const print = (value: number) => figure(value);
    const texts = { title: 'Invocations a second', note: 'Longer is better. Dots: rounds.', about, print };
    return [plotBars(bars, { ...texts, printTick: (tick) => tick.toLocaleString('en-US') })];
  }
  if (kind !== 'cold') return [];
  const bars = barsOf(series, 'firstPoll', 'firstAnswer', ({ cold }) => cold?.firstAnswerNs);
  if (bars.length === 0) return [];
  const note = 'Shorter is better. Full: until the first poll. Pale: until the first answer. Dots: rounds.';
  return [
    plotBars(bars, {
      title: 'From start to first answer',
      note,
      about,
      print: formatTime,
      printTick: formatTick,
    }),
  ];
}

function barsOf(
  series: readonly Series[],
  first: Metric,
  whole: Metric,
  ofRun: (run: Series['runs'][number]) => number | undefined,
) {
  return series.flatMap(({ look, row: { summary }, runs }) => {
    const length = summary.metrics[whole]?.median;
    if (length === undefined) return [];
    const rounds = runs.map(ofRun).filter((value) => value !== undefined);
    return [
      { look, first: Math.min(summary.metrics[first]?.median ?? length, length), whole: length, rounds },
    ];
  });
}

function ratioPlots({ kind, title: about }: ScenarioResult, series: readonly Series[]): Markup[] {
  const base = series.find(({ look }) => look.role === 'base')?.look.name;
  if (base === undefined) return [];
  return RATIOS[kind].flatMap((metric) => {
    const ratios = series.flatMap((one) => ratioOf(one, metric));
    const texts = {
      metric: METRIC_NAMES[metric] ?? metric,
      base,
      moreIsBetter: largerIsBetter(metric),
      about,
    };
    return ratios.length === 0 ? [] : [plotRatios(ratios, texts)];
  });
}

function ratioOf({ look, row }: Series, metric: Metric): Ratio[] {
  const compared = row.toBase(metric);
  if (compared?.ratio === undefined) return [];
  const { ratio, interval, verdict, rounds } = compared;
  return [{ look, ratio, interval, verdict, rounds }];
}

/** How many rounds and invocations, and what `HEADLINE` sorts by. */
function describeExtent({ kind, runs }: ScenarioResult): string {
  const rounds = new Set(runs.map(({ round }) => round)).size;
  const most = Math.max(...runs.map(({ invocations }) => invocations));
  const order = HEADLINE[kind] === undefined ? '' : ', the best first';
  const times = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
  return most === 1
    ? `${times}, each from a fresh start${order}`
    : `${times} of up to ${most.toLocaleString('en-US')} invocations${order}`;
}
