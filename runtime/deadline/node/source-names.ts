import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createStackMapper } from '../../../worker/node/stack-map.ts';
import { isPlainFile, readText } from '../read-text.ts';

/** Names places in a function's code as its author knows them. */
export interface SourceNames {
  /** The frames of a stack from the function's code on, by their sources; empty when none is the function's. */
  framesOf(stack: string): readonly string[];
  /** Where a text is in a file; `undefined` when it is not there. */
  placeOf(file: string, text: string): string | undefined;
}

const FRAME = /^ {4}at (.+)$/gm;
const MAX_FRAME_CHARS = 2_000;
/** Of what an inspector evaluates. */
const EVALUATED = /<anonymous>:\d+:\d+\)?$/;
const OF_A_FILE = /(?:file:\/\/|\()(\/[^()]*?):\d+:\d+\)?$|^(\/[^()]*?):\d+:\d+$/;

/**
 * Makes what names places by the source maps that lie beside the code.
 *
 * @param host path of the worker's host: what lies in its folder is not the function's
 */
export function createSourceNames(host: string): SourceNames {
  const hostFolder = `${dirname(host)}/`;
  const mappers = new Map<string, (stack: string) => string>();

  function toSource(file: string, text: string): string {
    if (!isPlainFile(`${file}.map`)) return text;
    const known = mappers.get(file) ?? createStackMapper(file);
    mappers.set(file, known);
    return known(text);
  }

  return {
    framesOf(stack) {
      const frames = [...stack.matchAll(FRAME)]
        .map(([, frame]) => (frame as string).slice(0, MAX_FRAME_CHARS))
        .filter((frame) => !EVALUATED.test(frame) && !frame.includes('node:') && !frame.includes(hostFolder));
      if (!frames.some((frame) => OF_A_FILE.test(frame))) return [];
      return frames.map((frame) => {
        const [, inBrackets, bare] = OF_A_FILE.exec(frame) ?? [];
        const file = inBrackets ?? bare;
        return file === undefined ? frame : toSource(file, frame).replace('file://', '');
      });
    },
    placeOf(file, text) {
      const code = readText(file);
      const at = text === '' ? -1 : code.indexOf(text);
      if (at === -1) return undefined;
      const lines = code.slice(0, at).split('\n');
      const place = `${pathToFileURL(file).href}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
      return toSource(file, place).replace('file://', '');
    },
  };
}
