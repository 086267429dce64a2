import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { MapStack } from './errors.ts';

/**
 * Makes a function that rewrites the bundle's positions in a stack to those in its sources. The map is read at the
 * first error: a function that never fails never pays for it, as it would with `--enable-source-maps`.
 * @param file - path of the bundle; its map is `<file>.map`
 * @returns the rewriting function; without a usable map it leaves stacks as they are
 */
export function createStackMapper(file: string): MapStack {
  const position = new RegExp(`(?:${quote(pathToFileURL(file).href)}|${quote(file)}):(\\d+):(\\d+)`, 'g');
  let map: SourceMap | undefined;
  let wasRead = false;
  return (stack) => {
    if (!wasRead) map = readMap(`${file}.map`);
    wasRead = true;
    if (map === undefined) return stack;
    const { findOrigin } = map;
    return stack.replace(position, (raw: string, line: string, column: string) => {
      const origin = findOrigin.call(map, Number(line), Number(column));
      return 'fileName' in origin ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}` : raw;
    });
  };
}

/** Any failure here must not hide the error that is being described. */
function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function quote(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
