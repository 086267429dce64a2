import { lstatSync, readFileSync, rmSync } from 'node:fs';

/** Node's report without its network part has a few kilobytes; what is larger was not written by Node. */
const MAX_BYTES = 1024 * 1024;

/** What is wanted of Node's report on an error that ended it. */
export interface FatalReport {
  /** Whether it is V8's heap that was full. */
  readonly isHeapFull: boolean;
  /** What happened, in Node's words. */
  readonly event: string;
  readonly heapBytes: number | undefined;
  readonly peakMemoryBytes: number | undefined;
}

/**
 * Reads the report of a worker that has ended, and removes it.
 *
 * Source: https://nodejs.org/api/report.html; `trigger` is `OOMError` for a full heap, `FatalError` for other errors.
 *
 * @param path where it was to be written
 * @returns `undefined` when there is none, or nothing that could be one
 */
export function takeFatalReport(path: string): FatalReport | undefined {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return undefined;
    // The worker can write there: a pipe would never end.
    const text = entry.isFile() && entry.size <= MAX_BYTES ? readFileSync(path, 'utf8') : '';
    rmSync(path, { recursive: true });
    return parseFatalReport(JSON.parse(text));
  } catch {
    // No report, or one that the worker has put out of reach.
    return undefined;
  }
}

/** What V8 itself prints when it traps. */
const HEAP_FULL = /^# Fatal JavaScript out of memory: (.*)$/;

/**
 * Makes a report of what V8 printed: Deno writes none, and ends by a signal that says nothing.
 *
 * @param signal that ended the worker
 * @param lastOutput its last lines of standard error
 * @returns `undefined` when it was something else
 */
export function readHeapTrap(
  signal: string | undefined,
  lastOutput: readonly string[],
): FatalReport | undefined {
  if (signal !== 'SIGTRAP') return undefined;
  const event = lastOutput.map((line) => HEAP_FULL.exec(line)?.[1]).find((found) => found !== undefined);
  if (event === undefined) return undefined;
  return { isHeapFull: true, event, heapBytes: undefined, peakMemoryBytes: undefined };
}

/**
 * Parses a report.
 *
 * @param value what the file held
 * @returns `undefined` for what is no report on a fatal error
 */
export function parseFatalReport(value: unknown): FatalReport | undefined {
  const { header, javascriptHeap, resourceUsage } = fieldsOf(value);
  const { event, trigger } = fieldsOf(header);
  if (trigger !== 'OOMError' && trigger !== 'FatalError') return undefined;
  return {
    isHeapFull: trigger === 'OOMError',
    event: String(event),
    heapBytes: bytesOf(fieldsOf(javascriptHeap).usedMemory),
    peakMemoryBytes: bytesOf(fieldsOf(resourceUsage).maxRss),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function bytesOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
