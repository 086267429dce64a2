import type { Readable } from 'node:stream';
import {
  type InitErrorLine,
  type LastLine,
  PROTOCOL_VERSION,
  type ReadyLine,
  type WorkerLine,
} from '../../worker/protocol.ts';
import { PilotlightError } from '../errors.ts';
import { exitError, NO_INVOCATION } from './exit-error.ts';
import { LineBuffer } from './line-buffer.ts';
import { orLate } from './or-late.ts';
import { runSeconds } from './start-limit.ts';
import type { WorkerLines, WorkerProcess } from './worker-process.ts';

/** As many as the host sends; user code can write to the descriptor too. */
const MAX_LOG_LINES = 20;

/**
 * Waits until a worker says that it listens, without polling.
 *
 * @param worker the process
 * @param name what it is called in messages, for example `node`
 * @param limitS how many seconds it may take; `undefined`: Lambda's init limit rules
 * @throws {PilotlightError} `BUNDLE_FAILED` with the bundle's own error, `PROTOCOL_MISMATCH`, or
 *   `WORKER_START_FAILED` when it ended first, with its last output, or took too long
 */
export async function untilReady(
  worker: Pick<WorkerProcess, 'lines' | 'ended'>,
  name: string,
  limitS?: number,
): Promise<ReadyLine> {
  const { first } = worker.lines;
  const line = await (limitS === undefined ? first : orLate(first, (signal) => runSeconds(limitS, signal)));
  if (line === 'late') {
    throw new PilotlightError(
      'WORKER_START_FAILED',
      `Cannot start worker "${name}": it was not ready after ${limitS} s, though an earlier one was; give what its code waits for while it loads a time limit`,
    );
  }
  if (line?.kind === 'ready') return checkVersion(line, name);
  if (line?.kind === 'initError') {
    throw new PilotlightError('BUNDLE_FAILED', line.errorMessage, {
      errorType: line.errorType,
      trace: line.trace,
    });
  }
  const end = await worker.ended;
  throw exitError('WORKER_START_FAILED', `Cannot start worker "${name}"`, end, NO_INVOCATION);
}

/**
 * Reads a worker's lines to their end: a full pipe would stop a worker that writes to it.
 *
 * @param stream its descriptor for them
 */
export function readWorkerLines(stream: Readable): WorkerLines {
  const first = Promise.withResolvers<ReadyLine | InitErrorLine | undefined>();
  const buffer = new LineBuffer();
  let last: LastLine | undefined;
  stream.on('data', (chunk: Buffer) => {
    for (const line of buffer.add(chunk).map(parseWorkerLine)) {
      if (line?.kind === 'ready' || line?.kind === 'initError') first.resolve(line);
      else if (line?.kind === 'last') last = line;
    }
  });
  // After an error too the lines are closed, which is all that counts.
  stream.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve);
  });
  void closed.then(() => first.resolve(undefined));
  return { first: first.promise, closed, last: () => last };
}

function checkVersion(line: ReadyLine, name: string): ReadyLine {
  if (line.protocol === PROTOCOL_VERSION) return line;
  throw new PilotlightError(
    'PROTOCOL_MISMATCH',
    `Cannot use worker "${name}": its host speaks protocol ${line.protocol}, the bootstrap ${PROTOCOL_VERSION}; update the runtime layer`,
  );
}

/**
 * Reads a line of the worker protocol.
 *
 * @param text one line of descriptor 3
 * @returns the line, or `undefined` for what is not one or of a kind that is not known
 */
export function parseWorkerLine(text: string): WorkerLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = value as Readonly<Record<string, unknown>>;
  switch (line.kind) {
    case 'ready':
      return {
        kind: 'ready',
        protocol: numberOf(line.protocol),
        host: textOf(line.host),
        interpreter: textOf(line.interpreter),
        concurrent: line.concurrent === true,
        stream: line.stream === true,
        shutdownHook: line.shutdownHook === true,
        rehearses: line.rehearses === true,
      };
    case 'initError':
      return {
        kind: 'initError',
        protocol: numberOf(line.protocol),
        errorType: textOf(line.errorType),
        errorMessage: textOf(line.errorMessage),
        trace: Array.isArray(line.trace) ? line.trace.map(textOf) : [],
      };
    case 'last':
      return {
        kind: 'last',
        requestId: textOf(line.requestId),
        peakMemoryBytes: numberOf(line.peakMemoryBytes),
        log: Array.isArray(line.log) ? line.log.slice(-MAX_LOG_LINES).map(textOf) : [],
      };
    default:
      return undefined;
  }
}

/** Not `String()`, which throws for an object that has a `toString` of its own, as JSON can. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : String(JSON.stringify(value));
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
