import { figure as digits } from '../report/figures.ts';
import type { Comparison } from '../statistics/compare.ts';
import {
  BEYOND_NOTE,
  beyondArrow,
  bottomAxis,
  figure,
  NAMES_WIDTH,
  nameLabel,
  ofCandidate,
  round,
  WIDTH,
} from './drawing.ts';
import type { Look } from './looks.ts';
import { type Markup, markup } from './markup.ts';
import { logScale, type Scale } from './scale.ts';

/** How a candidate compares with the base in one metric. */
export interface Ratio extends Comparison {
  readonly look: Look;
  readonly ratio: number;
}

/** What the ratios are of. */
export interface RatioTexts {
  /** For example `Median latency`. */
  readonly metric: string;
  /** Name of the base. */
  readonly base: string;
  /** Whether more is better, as with throughput. */
  readonly moreIsBetter: boolean;
  /** The scenario's title, for who cannot see the plot. */
  readonly about: string;
}

const ROW_HEIGHT = 26;
const TOP = 10;
const VALUES_WIDTH = 56;
/** Whoever is further from 1 would press the others together. */
const FURTHEST = 6;
const TICK_DISTANCE = 42;

/**
 * Plots ratios to the base with their intervals and the ratio of each round.
 *
 * @param ratios in the order of rows, without the base
 * @param texts what they are of
 */
export function plotRatios(
  ratios: readonly Ratio[],
  { metric, base, moreIsBetter, about }: RatioTexts,
): Markup {
  const all = ratios.flatMap(({ interval, ratio, rounds }) => [
    ...(interval === undefined ? [] : [interval.low, interval.high]),
    ...rounds.map((each) => each.ratio),
    ratio,
    1,
  ]);
  const low = Math.max(Math.min(...all), 1 / FURTHEST);
  const high = Math.min(Math.max(...all), FURTHEST);
  const beyond = ratios.some(({ ratio }) => isBeyond(ratio));
  const [from, to] = [NAMES_WIDTH, WIDTH - VALUES_WIDTH];
  const x = logScale([low / 1.08, high * 1.08], [from, to], TICK_DISTANCE);
  const foot = TOP + ratios.length * ROW_HEIGHT;
  const one = round(x(1));
  const better = moreIsBetter
    ? markup`M${one} ${TOP}H${to}V${foot}H${one}Z`
    : markup`M${from} ${TOP}H${one}V${foot}H${from}Z`;
  return figure({
    title: `${metric}, as a ratio`,
    note: `${base} is 1; the tinted side is better. Bar: 95 % interval. Dots: rounds.${beyond ? BEYOND_NOTE : ''}`,
    label: `${metric} as a ratio to ${base}, ${about}: ${ratios.map((each) => `${each.look.name} ${formatComparison(each)}`).join(', ')}`,
    height: foot + 28,
    body: [
      markup`<path class="better" d="${better}"/>`,
      bottomAxis(x, [TOP, foot], (tick) => String(tick)),
      markup`<line class="base" x1="${one}" x2="${one}" y1="${TOP}" y2="${foot}"/>`,
      ratios.map((each, at) => row(each, x, TOP + (at + 0.5) * ROW_HEIGHT)),
    ],
  });
}

/**
 * A ratio with its interval and what it means, as far as they are known.
 *
 * @returns for example `0.68 (0.64–0.72) faster`
 */
export function formatComparison({ ratio, interval, verdict }: Omit<Comparison, 'rounds'>): string {
  if (ratio === undefined) return '';
  const within = interval === undefined ? '' : ` (${digits(interval.low)}–${digits(interval.high)})`;
  return `${digits(ratio)}${within} ${verdict}`;
}

function row({ look, ratio, interval, verdict, rounds }: Ratio, x: Scale, middle: number): Markup {
  const y = round(middle);
  const [low, high] = interval === undefined ? [ratio, ratio] : [interval.low, interval.high];
  const edge = ratio > 1 ? ([WIDTH - VALUES_WIDTH, 1] as const) : ([NAMES_WIDTH, -1] as const);
  return ofCandidate(look, [
    nameLabel(look, 0, middle),
    markup`<text class="value" x="${WIDTH}" y="${y}" dy=".35em" text-anchor="end">${digits(ratio)}</text>`,
    isBeyond(ratio)
      ? beyondArrow(edge[0], middle, edge[1])
      : [
          ...rounds.map(
            (each) =>
              markup`<circle class="round" cx="${round(x(each.ratio))}" cy="${y}" r="2.6"><title>round ${each.round + 1}: ${digits(each.ratio)}</title></circle>`,
          ),
          markup`<line class="interval" x1="${round(x(low))}" x2="${round(x(high))}" y1="${y}" y2="${y}"/>`,
          markup`<path class="point" d="M${round(x(ratio))} ${round(middle - 6)}l6 6l-6 6l-6 -6z"><title>${look.name}: ${formatComparison({ ratio, interval, verdict })}</title></path>`,
        ],
  ]);
}

function isBeyond(ratio: number): boolean {
  return ratio > FURTHEST || ratio < 1 / FURTHEST;
}
