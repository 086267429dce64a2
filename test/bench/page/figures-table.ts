import { figure, range, unitOf } from '../report/figures.ts';
import type { Metric, ScenarioResult } from '../result.ts';
import { HEADLINE } from '../statistics/metric.ts';
import { type Markup, markup } from './markup.ts';
import { formatComparison } from './plot-ratios.ts';
import type { Series } from './series.ts';

const KIB_PER_MIB = 1024;

interface Column {
  readonly title: string;
  cell(series: Series): string;
}

/**
 * The figures of a scenario as a table, a row a candidate.
 *
 * @param scenario what was measured
 * @param series its candidates, the best first
 * @returns nothing for phases, whose figures stand in their plot
 */
export function scenarioTable(scenario: ScenarioResult, series: readonly Series[]): Markup {
  const headline = HEADLINE[scenario.kind];
  if (headline === undefined) return markup``;
  const measured = (metric: Metric) => series.some(({ row }) => row.summary.metrics[metric] !== undefined);
  const columns = columnsOf(headline, series).filter(({ metric }) => measured(metric));
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Figures: ${scenario.title}"><table>
<thead><tr><th scope="col">candidate</th>${columns.map(({ title }) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${series.map((one) => markup`<tr data-candidate="${one.look.key}"><th scope="row"><i class="swatch ${one.look.paint}"></i>${one.row.label}</th>${columns.map(({ cell }) => markup`<td>${cell(one)}</td>`)}</tr>\n`)}</tbody>
</table></div>
`;
}

function columnsOf(headline: Metric, series: readonly Series[]): (Column & { metric: Metric })[] {
  const lead = series.flatMap(
    ({ row }) => row.summary.metrics[headline === 'perSecond' ? 'p50' : headline]?.median ?? [],
  );
  const unit = unitOf(lead);
  const value = (title: string, metric: Metric, size = 1) => ({
    title,
    metric,
    cell: ({ row }: Series) => figure(row.summary.metrics[metric]?.median, size),
  });
  const time = (title: string, metric: Metric) => value(`${title}, ${unit.name}`, metric, unit.size);
  const size = headline === 'perSecond' ? 1 : unit.size;
  const ratio = {
    title: 'ratio to base (95 %)',
    metric: headline,
    cell: ({ look, row }: Series) => {
      const compared = row.toBase(headline);
      return look.role === 'base' ? 'base' : compared === undefined ? '' : formatComparison(compared);
    },
  };
  const rounds = {
    title: 'its rounds',
    metric: headline,
    cell: ({ row }: Series) => range(row.summary.metrics[headline], size),
  };
  const leading = headline === 'perSecond' ? [value('a second', 'perSecond'), ratio, rounds] : [];
  const following = headline === 'p50' || headline === 'firstAnswer' ? [ratio, rounds] : [];
  return [
    ...leading,
    time('first poll', 'firstPoll'),
    time('first answer', 'firstAnswer'),
    time('p50', 'p50'),
    ...following,
    time('p90', 'p90'),
    time('p99', 'p99'),
    time('p99.9', 'p999'),
    time('mean', 'mean'),
    time('turnaround', 'turnaround'),
    ...(headline === 'perSecond' ? [] : [value('a second', 'perSecond')]),
    value('CPU, µs', 'cpu'),
    value('memory, MiB', 'memory', KIB_PER_MIB),
  ];
}
