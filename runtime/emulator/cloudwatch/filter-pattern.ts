import { ServiceError } from '../service-error.ts';

/** Quoted phrases, and words up to the next blank; `-` before one excludes, `?` makes it one of several. */
const TERM = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

/**
 * Reads the words of CloudWatch's filter patterns: all must be in a line, of those with `?` any one, with `-` none.
 *
 * @param pattern as clients write it
 * @returns whether a line fits
 * @throws {ServiceError} `InvalidParameterException` for patterns of JSON, of fields and of regular expressions
 */
export function parseFilterPattern(pattern: string): (line: string) => boolean {
  if (/^\s*[{[%]/.test(pattern)) {
    throw new ServiceError(
      'InvalidParameterException',
      `The local Lambda knows filter patterns of words alone, not "${pattern}"`,
    );
  }
  const terms = [...pattern.matchAll(TERM)].map(([, sign, quoted, word = '']) => ({
    sign,
    text: quoted?.replaceAll(/\\(.)/g, '$1') ?? word,
  }));
  const of = (wanted: string) => terms.filter(({ sign }) => sign === wanted).map(({ text }) => text);
  const [all, any, none] = [of(''), of('?'), of('-')];
  return (line) =>
    all.every((text) => line.includes(text)) &&
    (any.length === 0 || any.some((text) => line.includes(text))) &&
    !none.some((text) => line.includes(text));
}
