import type { Output } from '../../cli/output.ts';
import { ToolError } from '../../cli/tool-error.ts';
import type { Replacement } from '../control/replacement.ts';
import type { BuildTimes } from './watch-function.ts';

/** How a swap ended, whoever asked for it. */
export interface Swap {
  readonly functionName: string;
  /** SHA-256 in base64 of the zip that was to serve; undefined where none could be built. */
  readonly sha256?: string;
  readonly result: Replacement | { readonly kind: 'failed'; readonly error: unknown };
  /** Set when it came of a change of the sources. */
  readonly times?: BuildTimes;
}

/**
 * Prints a line on a swap: for people, or with `--json` on standard output for programs, where `flippedMs` is on the
 * clock that all processes share, `process.hrtime()`.
 *
 * @param output of `dev`
 * @param swap how it ended
 */
export function printSwap(output: Output, { functionName, sha256 = '', result, times }: Swap): void {
  if (result.kind === 'withdrawn') return;
  const digest = Buffer.from(sha256, 'base64').toString('hex').slice(0, 8);
  if (result.kind !== 'swapped') {
    const reason = reasonOf(result);
    if (output.json) return void printJson(output, { refused: functionName, digest, reason });
    const what = [functionName, digest].join(' ').trim();
    return void output.always(
      `${output.style('red', 'refused')}    ${what}: ${reason}; what was there serves on`,
    );
  }
  const { beganMs, unpackedMs, flippedMs } = result;
  const { noticedMs, settledMs, builtMs } = times ?? {
    noticedMs: beganMs,
    settledMs: beganMs,
    builtMs: beganMs,
  };
  const tookMs = flippedMs - noticedMs;
  const built = { settle: settledMs - noticedMs, bundle: builtMs - settledMs };
  const parts = {
    ...(times === undefined ? {} : built),
    unpack: unpackedMs - builtMs,
    start: flippedMs - unpackedMs,
  };
  if (output.json) return void printJson(output, { swapped: functionName, digest, tookMs, parts, flippedMs });
  const list = Object.entries(parts).map(([name, ms]) => `${name} ${Math.round(ms)}`);
  const line = `${functionName} ${digest} in ${Math.round(tookMs)} ms: ${list.join(', ')}`;
  output.note(`${output.style('green', 'swapped')}    ${line}`);
}

function printJson(output: Output, value: object): void {
  output.result(`${JSON.stringify(value)}\n`);
}

function reasonOf(result: Exclude<Swap['result'], { kind: 'swapped' | 'withdrawn' }>): string {
  if (result.kind === 'refused') {
    const { place, reason } = result.problem;
    return place === undefined ? reason : `${place} ${reason}`;
  }
  const { error } = result;
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ToolError && error.next !== undefined ? `${message}; ${error.next}` : message;
}
