import { estimateDensity } from './density.ts';
import {
  BEYOND_NOTE,
  beyondArrow,
  bottomAxis,
  figure,
  NAMES_WIDTH,
  nameLabel,
  ofCandidate,
  pathThrough,
  round,
  WIDTH,
} from './drawing.ts';
import { formatTick, formatTime } from './format.ts';
import { type Markup, markup } from './markup.ts';
import { nearSeries } from './near-series.ts';
import { logScale, type Scale } from './scale.ts';
import type { Series } from './series.ts';

const ROW_HEIGHT = 42;
const CURVE_HEIGHT = 27;
const TOP = 6;
const VALUES_WIDTH = 66;
const TICK_DISTANCE = 62;
const DOT_DISTANCE = 6;

/**
 * Plots how latencies are distributed: a row a candidate, with its median, its 99th percentile, and a dot for the
 * median of each round.
 *
 * @param series candidates with latencies, in the order of rows
 * @param about the scenario's title, for who cannot see the plot
 */
export function plotDensity(series: readonly Series[], about: string): Markup {
  const near = nearSeries(series);
  const domain = commonDomain(near);
  const x = logScale(domain, [NAMES_WIDTH, WIDTH - VALUES_WIDTH], TICK_DISTANCE);
  const foot = TOP + series.length * ROW_HEIGHT;
  return figure({
    title: 'Distribution of latency',
    note: `Each curve to its own height. Line: median. Tick: 99 of 100 are faster. Dots: the median of each round.${near.length < series.length ? BEYOND_NOTE : ''}`,
    label: `Distribution of latency, ${about}: ${series.map(({ look, latency }) => `${look.name} median ${formatTime(latency?.percentile(50) ?? 0)}`).join(', ')}`,
    height: foot + 28,
    body: [
      bottomAxis(x, [TOP, foot], formatTick),
      series.map((one, at) => {
        const baseline = TOP + at * ROW_HEIGHT + CURVE_HEIGHT + 4;
        return ofCandidate(one.look, [
          nameLabel(one.look, 0, baseline - 7),
          markup`<text class="value" x="${WIDTH}" y="${round(baseline - 7)}" dy=".35em" text-anchor="end">${formatTime(one.latency?.percentile(50) ?? 0)}</text>`,
          near.includes(one)
            ? curve(one, x, domain, baseline)
            : beyondArrow(WIDTH - VALUES_WIDTH, baseline - 7, 1),
        ]);
      }),
    ],
  });
}

/** From a little before the fastest to a little after the 99th percentile of the slowest. */
function commonDomain(series: readonly Series[]): readonly [number, number] {
  const times = series.flatMap(({ latency }) => (latency === undefined ? [] : [latency]));
  const low = Math.min(...times.map((latency) => latency.percentile(0.5)));
  const high = Math.max(...times.map((latency) => latency.percentile(99)));
  return [Math.max(low, 1) / 1.1, Math.max(high, 1) * 1.1];
}

function curve(
  { look, latency, medianOfRound }: Series,
  x: Scale,
  domain: readonly [number, number],
  baseline: number,
): Markup[] {
  if (latency === undefined) return [];
  const points = estimateDensity(latency.buckets(), domain)
    .filter(([, density]) => density > 0.004)
    .map(([ns, density]) => [x(ns), baseline - density * CURVE_HEIGHT] as const);
  const [median, late] = [latency.percentile(50), latency.percentile(99)];
  const [left, right] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const closed = `${pathThrough([[left, baseline], ...points, [right, baseline]])}Z`;
  const [medianX, lateX] = [round(x(median)), round(x(late))];
  return [
    markup`<path class="area" d="${closed}"/><path class="curve" stroke-dasharray="${look.dash}" d="${pathThrough(points)}"/>`,
    markup`<line class="median" x1="${medianX}" x2="${medianX}" y1="${round(baseline)}" y2="${round(baseline - CURVE_HEIGHT)}"/>`,
    markup`<line class="mark" x1="${lateX}" x2="${lateX}" y1="${round(baseline + 1)}" y2="${round(baseline - 7)}"><title>99 % within ${formatTime(late)}</title></line>`,
    ...medianOfRound.map(
      (of) =>
        markup`<circle class="dot" cx="${round(x(of.value))}" cy="${round(baseline + DOT_DISTANCE)}" r="2.6"><title>round ${of.round + 1}: median ${formatTime(of.value)}</title></circle>`,
    ),
  ];
}
