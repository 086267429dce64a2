import { fileURLToPath, pathToFileURL } from 'node:url';

/** A large bundle parses in well under a second; the platform's limit for the whole start is 10 s. */
const PROBE_TIMEOUT_MS = 3000;

/**
 * Imports the file in a process of its own, which prints the position of a syntax error, as `error.stack` does not.
 * All static imports are parsed before any is evaluated, so the first one ends the process before user code runs.
 */
const PROBE = `
const [url, asModule] = process.argv.slice(1);
require('node:module').registerHooks({
  load: (loaded, context, next) =>
    next(loaded, asModule === 'true' && loaded === url ? { ...context, format: 'module' } : context),
});
import('data:text/javascript,' + encodeURIComponent(
  'import "data:text/javascript,process.exit(0)"; import ' + JSON.stringify(url)));
`;

/** Where a text cannot be parsed. */
export interface SyntaxPosition {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Finds where a syntax error is: CommonJS writes it into the stack, for ES modules a child process is asked.
 * @param error - the SyntaxError that an import threw
 * @param file - path of the imported file
 * @param asModule - whether the file was loaded as an ES module whatever Node would have made of it
 * @returns the position, or `undefined` where Node does not tell
 */
export async function findSyntaxError(
  error: Error,
  file: string,
  asModule: boolean,
): Promise<SyntaxPosition | undefined> {
  const inStack = readPosition(String(error.stack));
  if (inStack !== undefined) return inStack;
  // Not at the top: every cold start would load it.
  const { spawnSync } = await import('node:child_process');
  const child = spawnSync(process.execPath, ['--eval', PROBE, pathToFileURL(file).href, String(asModule)], {
    // NODE_OPTIONS may load instrumentation, which has no business in this process.
    env: {},
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PROBE_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  return readPosition(child.stderr);
}

/** Node begins such texts with a line `path:line`. */
function readPosition(text: string): SyntaxPosition | undefined {
  const [, place, line] = /^((?:file:\/\/)?\/.*):(\d+)$/m.exec(text) ?? [];
  if (place === undefined) return undefined;
  return { file: place.startsWith('file:') ? fileURLToPath(place) : place, line: Number(line) };
}
