import {
  bottomAxis,
  figure,
  NAMES_DISTANCE,
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
import { spreadLabels } from './spread-labels.ts';

const LEFT = 58;
const TOP = 12;
const LEAST_HEIGHT = 250;
/** Of the plot, for each candidate: as tall as the distribution beside it. */
const LINE_HEIGHT = 40;
const TICK_DISTANCE = 24;
const PERCENTILES = [50, 90, 99, 99.9, 99.99];
/** A percentile with fewer times beyond it is chance. */
const LEAST_BEYOND = 10;
const STEPS_A_DECADE = 12;

/**
 * Plots times over percentiles, where the distance to 100 % shrinks tenfold with each grid line: what the slow ones
 * are like.
 *
 * @param all candidates with latencies
 * @param about the scenario's title, for who cannot see the plot
 */
export function plotPercentiles(all: readonly Series[], about: string): Markup {
  const series = nearSeries(all);
  const far = all.filter((one) => !series.includes(one)).map(({ look }) => look.name);
  const leftOut = far.length === 0 ? '' : ` Too slow for this axis: ${far.join(', ')}.`;
  const last = Math.max(...series.map(lastPercentile));
  const height = Math.max(LEAST_HEIGHT, series.length * LINE_HEIGHT);
  const [left, right] = [LEFT, WIDTH - NAMES_WIDTH - 12];
  const share = logScale([2, 100 / (100 - last)], [left, right], 0);
  const x: Scale = Object.assign((percentile: number) => share(100 / (100 - percentile)), {
    ticks: PERCENTILES.filter((percentile) => percentile <= last + 1e-9),
  });
  const lines = series.map((one) => ({ one, points: points(one, lastPercentile(one)) }));
  const times = lines.flatMap((line) => line.points.map(([, ns]) => ns));
  const y = logScale(
    [Math.min(...times) / 1.05, Math.max(...times) * 1.05],
    [TOP + height, TOP],
    TICK_DISTANCE,
  );
  const ends = spreadLabels(
    lines.map((line) => y(line.points.at(-1)?.[1] ?? 0)),
    NAMES_DISTANCE,
    [TOP, TOP + height - NAMES_DISTANCE],
  );
  return figure({
    title: 'Latency by percentile',
    note: `How long the slow ones take: at 99 %, one in a hundred takes longer.${leftOut}`,
    label: `Latency by percentile up to ${Number(last.toFixed(2))} %, ${about}`,
    height: TOP + height + 30,
    body: [
      bottomAxis(x, [TOP, TOP + height], (percentile) => `${percentile} %`),
      y.ticks.map(
        (tick) =>
          markup`<line class="grid" x1="${left}" x2="${right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick" x="${left - 8}" y="${round(y(tick))}" dy=".35em" text-anchor="end">${formatTick(tick)}</text>`,
      ),
      lines.map(({ one, points }, at) => {
        const placed = points.map(([percentile, ns]) => [x(percentile), y(ns)] as const);
        const [endX, endY] = placed.at(-1) ?? [0, 0];
        const labelY = ends[at] ?? endY;
        const leader = pathThrough([
          [endX + 1, endY],
          [right + 13, labelY],
        ]);
        return ofCandidate(one.look, [
          markup`<path class="line" stroke-dasharray="${one.look.dash}" d="${pathThrough(placed)}"/><path class="leader" d="${leader}"/>`,
          x.ticks.filter((tick) => tick <= lastPercentile(one)).map((tick) => marker(tick, one, x, y)),
          nameLabel(one.look, right + 16, labelY),
        ]);
      }),
    ],
  });
}

function points({ latency }: Series, last: number): (readonly [number, number])[] {
  const steps = Math.round(Math.log10(50 / (100 - last)) * STEPS_A_DECADE);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const percentile = 100 - 50 * (50 / (100 - last)) ** -(step / Math.max(steps, 1));
    return [percentile, Math.max(latency?.percentile(percentile) ?? 1, 1)] as const;
  });
}

function marker(percentile: number, { latency }: Series, x: Scale, y: Scale): Markup {
  const ns = Math.max(latency?.percentile(percentile) ?? 1, 1);
  return markup`<circle class="dot" cx="${round(x(percentile))}" cy="${round(y(ns))}" r="2.6"><title>${percentile} % within ${formatTime(ns)}</title></circle>`;
}

/** At least 75, so that there is a line; at most what the number of times supports. */
function lastPercentile({ latency }: Series): number {
  const supported = 100 - (100 * LEAST_BEYOND) / Math.max(latency?.count ?? 0, 1);
  return Math.min(Math.max(supported, 75), 99.99);
}
