import type { FunctionError } from '../protocol.ts';
import { describeError, type MapStack } from './errors.ts';

/** Lambda cuts above 64 KiB, and not where we would. */
const MAX_BYTES = 60 * 1024;
/** Of the error itself and of those that it carries: a chain may be a circle. */
const MAX_EXCEPTIONS = 10;
const MAX_TEXT_CHARS = 2_000;
/** A longer line of a stack is none of Node's frames. */
const MAX_FRAME_CHARS = 1_000;
/** What may be in a header as it is; all else can be written as `\u0000` in JSON. */
const BEYOND_HEADER = /[^\x20-\x7e]/g;

interface Frame {
  readonly path: string;
  readonly line: number;
  readonly label: string;
}

interface Exception {
  readonly type: string;
  readonly message: string;
  readonly stack: readonly Frame[];
}

/**
 * Describes an error for X-Ray: itself, its causes, and the errors that it stands for.
 * @param thrown - what was thrown
 * @param mapStack - applied to stacks
 * @returns JSON that is safe as a header's value; to stay below Lambda's limit it has fewer frames of each stack, and
 * when none are left, only the error itself
 */
export function writeErrorCause(thrown: unknown, mapStack: MapStack): string {
  const exceptions = collect(thrown).map((one) => toException(describeError(one, mapStack)));
  let frames = Math.max(...exceptions.map(({ stack }) => stack.length));
  for (;;) {
    const header = headerJson(exceptions.map((one) => ({ ...one, stack: one.stack.slice(0, frames) })));
    if (header.length <= MAX_BYTES) return header;
    if (frames === 0) exceptions.length = 1;
    frames = Math.floor(frames / 2);
  }
}

function headerJson(exceptions: readonly Exception[]): string {
  const paths = new Set(exceptions.flatMap(({ stack }) => stack.map(({ path }) => path)));
  const cause = { working_directory: workingDirectory(), exceptions, paths: [...paths] };
  return JSON.stringify(cause).replace(
    BEYOND_HEADER,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A function may have removed the folder that it is in. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

function toException({ errorType, errorMessage, trace }: FunctionError): Exception {
  const stack = trace.map(parseFrame).filter((frame) => frame !== undefined);
  return { type: errorType.slice(0, MAX_TEXT_CHARS), message: errorMessage.slice(0, MAX_TEXT_CHARS), stack };
}

/** `    at label (path:line:column)`, or without the label. */
function parseFrame(line: string): Frame | undefined {
  if (line.length > MAX_FRAME_CHARS) return undefined;
  const [, label, path, lineNumber] = /^ +at (?:(.*) \()?(.*?):(\d+):\d+\)?$/.exec(line) ?? [];
  if (path === undefined) return undefined;
  return { path: path.replace('file://', ''), line: Number(lineNumber), label: label ?? 'anonymous' };
}

/** In the order in which they are met; reading a hostile one ends its own branch only. */
function collect(thrown: unknown): readonly unknown[] {
  const found: unknown[] = [thrown];
  for (let at = 0; at < found.length; at++) {
    for (const next of carried(found[at])) {
      if (found.length < MAX_EXCEPTIONS && !found.includes(next)) found.push(next);
    }
  }
  return found;
}

function carried(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  try {
    const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown };
    return [...(cause === undefined ? [] : [cause]), ...(Array.isArray(errors) ? errors : [])];
  } catch {
    return [];
  }
}
