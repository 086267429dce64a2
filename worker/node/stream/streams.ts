import type { Answer } from '../answer.ts';
import type { Settlement } from '../settlement.ts';
import type { ErrorWriter } from './outgoing.ts';
import type { CallStreaming } from './send-stream.ts';

/** The streams of an invoker: answers are told by `respond`, their ends by `onOver`. */
export interface Streams {
  /** Loads what streams take, ahead of the first. */
  load(): void;
  /** Sends a result that comes in parts: what `isStreamed` says yes to. */
  send(value: object, respond: (answer: Answer) => void, onOver: () => void): void;
  /** Runs a handler that writes its result to a stream which holds `highWaterMark` bytes. */
  run(
    call: CallStreaming,
    highWaterMark: number | undefined,
    respond: (answer: Answer) => void,
    onOver: () => void,
  ): void;
}

/**
 * Makes the streams of an invoker. Nothing that sends them is loaded before it is needed: most functions never do.
 * @param errors - how errors are told
 * @param running - has what runs until it is over
 * @returns the streams
 */
export function createStreams(errors: ErrorWriter, running: Set<Settlement>): Streams {
  let loaded: Promise<typeof import('./send-stream.ts')> | undefined;
  const load = () => {
    loaded ??= import('./send-stream.ts');
    return loaded;
  };
  return {
    load: () => void load(),
    send(value, respond, onOver) {
      void load().then(({ sendStreamed }) => sendStreamed(value, { respond, onOver, errors, running }));
    },
    run(call, highWaterMark, respond, onOver) {
      const run = { respond, onOver, errors, running };
      void load().then(({ runStreaming }) => runStreaming(call, highWaterMark, run));
    },
  };
}
