import { finished } from 'node:stream/promises';
import { release } from '../../../runtime/http1/write-message.ts';
import type { Answer } from '../answer.ts';
import { HostError } from '../errors.ts';
import { Settlement } from '../settlement.ts';
import { type ErrorWriter, Outgoing } from './outgoing.ts';
import { ResponseStream } from './response-stream.ts';
import { readStreamed, type StreamSource } from './stream-source.ts';
import { toBytes } from './to-bytes.ts';

/** Taken before user code runs, which may replace the global. */
const defer = setImmediate;

/** What a stream needs of the invoker that it belongs to. */
export interface StreamRun {
  readonly respond: (answer: Answer) => void;
  /** Told when nothing more comes. */
  readonly onOver: () => void;
  readonly errors: ErrorWriter;
  /** Has what runs until it is over. */
  readonly running: Set<Settlement>;
}

/** Calls a handler with the stream it writes to; what it returns is to be a promise. */
export type CallStreaming = (settlement: Settlement, stream: ResponseStream) => unknown;

/**
 * Sends a result that comes in parts.
 * @param value - what `isStreamed` says yes to
 * @param run - the invocation's
 */
export function sendStreamed(value: object, run: StreamRun): void {
  const { outgoing, settlement } = begin(run);
  let source: StreamSource;
  try {
    source = open(value, outgoing);
  } catch (error) {
    settlement.settle({ ok: false, error });
    return;
  }
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  outgoing.onGone = () => {
    over();
    source.cancel();
    settlement.settle({ ok: true, value: undefined });
  };
  // Status and headers do not wait for a body that is slow to come.
  if (outgoing.hasPrelude) defer(() => isOver || outgoing.begin());
  pump(source, outgoing, () => isOver)
    .finally(over)
    .then(
      () => settlement.settle({ ok: true, value: undefined }),
      (error) => settlement.settle({ ok: false, error }),
    );
}

/** Begins to read a result; what goes before its parts is told to the stream. */
function open(value: object, outgoing: Outgoing): StreamSource {
  const source = readStreamed(value);
  try {
    if (source.prelude !== undefined) outgoing.prelude = source.prelude;
    else if (source.contentType !== undefined) outgoing.contentType = source.contentType;
    return source;
  } catch (error) {
    source.cancel();
    throw error;
  }
}

async function pump(source: StreamSource, outgoing: Outgoing, isOver: () => boolean): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await source.next();
      if (done === true || isOver()) return;
      const part = toBytes(value);
      const written = source.ownsParts === true ? () => release(part) : undefined;
      if (!outgoing.write(part, written)) await outgoing.free();
    }
  } catch (error) {
    // It may be a part that cannot be sent, of a source that knows nothing of it.
    source.cancel();
    throw error;
  }
}

/**
 * Runs a handler that writes its result to a stream.
 * @param call - calls the handler with it
 * @param highWaterMark - the bytes that the stream may hold, where the handler says so
 * @param run - the invocation's
 */
export function runStreaming(call: CallStreaming, highWaterMark: number | undefined, run: StreamRun): void {
  const { outgoing, settlement } = begin(run);
  const stream = new ResponseStream(outgoing, highWaterMark);
  const fail = (error: unknown) => settlement.settle({ ok: false, error });
  stream.on('error', fail);
  outgoing.onGone = () => {
    stream.destroy(
      new HostError('Runtime.StreamCutOff', 'Cannot write to the stream: nobody reads it any more'),
    );
  };
  try {
    awaitHandler(call(settlement, stream), stream).then(
      () => settlement.settle({ ok: true, value: undefined }),
      fail,
    );
  } catch (error) {
    fail(error);
  }
}

/** The stream ends with the handler, so that what fails after `end()` is told too, and nothing is frozen half done. */
async function awaitHandler(returned: unknown, stream: ResponseStream): Promise<void> {
  if (!isThenable(returned)) throw notAsync();
  if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
  if (!stream.writableEnded) throw stream.errored ?? notFinished();
  await finished(stream);
}

function begin({ respond, onOver, errors, running }: StreamRun) {
  const outgoing = new Outgoing(respond, errors);
  const settlement = new Settlement((outcome) => {
    running.delete(settlement);
    onOver();
    if (outcome.ok) outgoing.end();
    else outgoing.fail(outcome.error, outcome.replace ?? false);
  });
  settlement.onEmptyLoop = () => settlement.finish({ ok: false, error: neverEnds(), replace: true });
  running.add(settlement);
  return { outgoing, settlement };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function notAsync(): HostError {
  return new HostError(
    'Runtime.StreamingHandlerNotAsync',
    'Streaming does not support non-async handlers: expected a promise',
  );
}

function notFinished(): HostError {
  return new HostError(
    'Runtime.StreamNotFinished',
    'Response stream is not finished: the handler is done, expected end() before',
  );
}

function neverEnds(): HostError {
  return new HostError(
    'Runtime.NodeJsExit',
    'Cannot wait for the end of the stream: nothing is left in the event loop that could write to it',
  );
}
