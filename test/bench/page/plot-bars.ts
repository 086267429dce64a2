import { bottomAxis, figure, NAMES_WIDTH, nameLabel, ofCandidate, round, WIDTH } from './drawing.ts';
import type { Look } from './looks.ts';
import { type Markup, markup } from './markup.ts';
import { linearScale, type Scale } from './scale.ts';

/** One candidate's bar. */
export interface Bar {
  readonly look: Look;
  /** Where the bar's first part ends; the rest is pale. The same as the whole when there is one part. */
  readonly first: number;
  readonly whole: number;
  /** The whole of each round. */
  readonly rounds: readonly number[];
}

/** What the bars are of. */
export interface BarTexts {
  readonly title: string;
  readonly note: string;
  /** For who cannot see the plot, before the figures. */
  readonly about: string;
  readonly print: (value: number) => string;
  readonly printTick: (value: number) => string;
}

const ROW_HEIGHT = 30;
const BAR_HEIGHT = 14;
const TOP = 8;
const VALUES_WIDTH = 66;
const TICK_DISTANCE = 66;

/**
 * Plots bars from zero, with a dot for each round.
 *
 * @param bars in the order of rows
 * @param texts what they are of
 */
export function plotBars(bars: readonly Bar[], { title, note, about, print, printTick }: BarTexts): Markup {
  const most = Math.max(...bars.flatMap(({ whole, rounds }) => [whole, ...rounds]));
  const x = linearScale([0, most * 1.04], [NAMES_WIDTH, WIDTH - VALUES_WIDTH - 8], TICK_DISTANCE);
  const foot = TOP + bars.length * ROW_HEIGHT;
  return figure({
    title,
    note,
    label: `${title}, ${about}: ${bars.map(({ look, whole }) => `${look.name} ${print(whole)}`).join(', ')}`,
    height: foot + 28,
    body: [
      bottomAxis(x, [TOP, foot], printTick),
      bars.map((bar, at) => row(bar, x, TOP + (at + 0.5) * ROW_HEIGHT, print)),
    ],
  });
}

function row(
  { look, first, whole, rounds }: Bar,
  x: Scale,
  middle: number,
  print: (value: number) => string,
): Markup {
  const [zero, firstX, wholeX] = [x(0), x(first), x(whole)].map(round) as [number, number, number];
  const top = round(middle - BAR_HEIGHT / 2);
  const bar = (from: number, to: number, kind: string) =>
    markup`<rect class="${kind}" x="${from}" y="${top}" width="${round(to - from)}" height="${BAR_HEIGHT}"/>`;
  return ofCandidate(look, [
    nameLabel(look, 0, middle),
    bar(zero, firstX, 'bar'),
    wholeX > firstX ? bar(firstX, wholeX, 'bar-rest') : markup``,
    rounds.map(
      (value, at) =>
        markup`<circle class="dot" cx="${round(x(value))}" cy="${round(middle + BAR_HEIGHT / 2 + 4)}" r="2.4"><title>round ${at + 1}: ${print(value)}</title></circle>`,
    ),
    markup`<text class="value" x="${WIDTH}" y="${round(middle)}" dy=".35em" text-anchor="end">${print(whole)}</text>`,
  ]);
}
