import { figure } from '../report/figures.ts';

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
] as const;

/**
 * A time for people: three digits in the unit that fits.
 *
 * @param ns nanoseconds
 * @returns for example `92.1 µs`
 */
export function formatTime(ns: number): string {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(ns) >= size * 0.9995) ?? (['ns', 1] as const);
  return `${figure(ns, size)}\u00a0${unit}`;
}

/**
 * A time at an axis, without zeros after the point.
 *
 * @param ns nanoseconds
 * @returns for example `50 µs`
 */
export function formatTick(ns: number): string {
  if (ns === 0) return '0';
  const [unit, size] = UNITS.find(([, size]) => ns >= size * 0.9995) ?? (['ns', 1] as const);
  return `${Number((ns / size).toPrecision(4))}\u00a0${unit}`;
}

/**
 * Shortens a text to the room it has, by what letters take on average in common fonts.
 *
 * @param text one line
 * @param room in widths of an average letter
 * @returns the text, or its beginning and an ellipsis
 */
export function fitText(text: string, room: number): string {
  const characters = [...text];
  const widths = characters.map(letterWidth);
  if (widths.reduce((sum, width) => sum + width, 0) <= room) return text;
  let left = room - 1;
  const kept = characters.filter((_, at) => {
    left -= widths[at] ?? 0;
    return left >= 0;
  });
  return `${kept.join('')}…`;
}

function letterWidth(character: string): number {
  if (/[MW@%mw]/.test(character)) return 1.5;
  if (/[fijlt .,:;'|!-]/.test(character)) return 0.6;
  return (character.codePointAt(0) ?? 0) > 0x2e7f ? 1.8 : 1;
}
