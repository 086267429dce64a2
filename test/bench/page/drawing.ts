import { fitText } from './format.ts';
import type { Look } from './looks.ts';
import { type Markup, markup } from './markup.ts';
import type { Scale } from './scale.ts';

/** Units of every drawing: about a pixel where two stand side by side, three quarters of one on a phone. */
export const WIDTH = 460;
/** Room for names beside a plot. */
export const NAMES_WIDTH = 148;
/** In letters, at the size they have on a phone. */
const NAMES_ROOM = 16;
/** The least distance between names below each other. */
export const NAMES_DISTANCE = 19;

/** What a figure is and shows. */
export interface Figure {
  readonly title: string;
  /** How to read it, below the title. */
  readonly note: string;
  /** For who cannot see it. */
  readonly label: string;
  readonly height: number;
  readonly body: readonly (Markup | readonly Markup[])[];
}

/**
 * Puts a drawing under its heading.
 *
 * @param figure its texts and shapes; coordinates run to `WIDTH` and its height
 */
export function figure({ title, note, label, height, body }: Figure): Markup {
  return markup`<figure>
<figcaption><h3>${title}</h3><p>${note}</p></figcaption>
<svg viewBox="0 0 ${WIDTH} ${round(height)}" role="img" aria-label="${label}">${body}</svg>
</figure>
`;
}

/**
 * Lines and labels of a horizontal axis at the foot of a plot.
 *
 * @param scale from values to x
 * @param span top and foot of the plot
 * @param print the label of a tick
 */
export function bottomAxis(
  scale: Scale,
  [top, foot]: readonly [number, number],
  print: (tick: number) => string,
): Markup[] {
  return scale.ticks.map((tick) => {
    const x = round(scale(tick));
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="${round(top)}" y2="${round(foot)}"/><text class="tick" x="${x}" y="${round(foot + 18)}" text-anchor="middle">${print(tick)}</text>`;
  });
}

/**
 * A candidate's name, shortened where it must be.
 *
 * @param look the candidate's
 * @param x where it begins, or ends with anchor `end`
 * @param y the line's middle
 * @param anchor `start` unless given
 */
export function nameLabel({ name }: Look, x: number, y: number, anchor = 'start'): Markup {
  const short = fitText(name, NAMES_ROOM);
  const whole = short === name ? undefined : markup`<title>${name}</title>`;
  return markup`<text class="name" x="${round(x)}" y="${round(y)}" dy=".35em" text-anchor="${anchor}">${short}${whole}</text>`;
}

/**
 * Shapes that belong to a candidate: they take its colour and are lit up with it.
 *
 * @param look the candidate's
 * @param body the shapes
 */
export function ofCandidate({ key, paint }: Look, body: readonly (Markup | readonly Markup[])[]): Markup {
  return markup`<g class="${paint}" data-candidate="${key}">${body}</g>`;
}

/** Added to the note of a plot that has arrows. */
export const BEYOND_NOTE = ' Arrow: beyond this axis.';

/**
 * An arrow at the end of an axis, for what lies beyond it.
 *
 * @param x the end of the axis
 * @param y the row's middle
 * @param direction 1 to the right, -1 to the left
 */
export function beyondArrow(x: number, y: number, direction: 1 | -1): Markup {
  return markup`<path class="arrow" d="M${round(x - 22 * direction)} ${round(y)}H${round(x)}m${-5 * direction} -4l${5 * direction} 4l${-5 * direction} 4"/>`;
}

/**
 * A path through points.
 *
 * @param points x and y
 * @returns for the attribute `d`
 */
export function pathThrough(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/**
 * Rounds a coordinate: a tenth of a unit cannot be seen, and the page stays small.
 *
 * @param coordinate in units of the drawing
 */
export function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
