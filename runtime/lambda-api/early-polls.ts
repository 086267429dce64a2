import type { WholeBody } from '../http1/whole-body.ts';
import type { Log } from '../log.ts';
import type { HttpAnswer, HttpClient, HttpExchange, HttpRequest } from '../transport/http-client.ts';

/** Polls that were sent behind an answer. */
export interface EarlyPolls {
  /**
   * Sends an answer with a poll behind it, in one write.
   *
   * @param post the answer
   * @param exchange told what became of it
   * @param poll the poll
   * @returns false when nothing was sent, since polls are to go on their own
   */
  sendBehind(
    post: HttpRequest & { readonly body: WholeBody },
    exchange: HttpExchange,
    poll: HttpRequest,
  ): boolean;
  /**
   * Takes the oldest poll that is on its way, or was answered already.
   *
   * @param onAnswer told of its answer
   * @param onNone told when there is none, or it was lost or refused: then a poll is to be sent
   */
  take(onAnswer: (answer: HttpAnswer) => void, onNone: () => void): void;
}

/** A larger answer may be refused before it was read, and what stands behind it lost (limit: 6 MiB). */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** A poll on its way. It may be over before anybody takes it: until then a loss is nobody's error. */
class EarlyPoll implements HttpExchange {
  #over: HttpAnswer | Error | undefined;
  #taker: ((over: HttpAnswer | Error) => void) | undefined;

  onAnswer(answer: HttpAnswer): void {
    this.#end(answer);
  }

  onError(error: Error): void {
    this.#end(error);
  }

  take(taker: (over: HttpAnswer | Error) => void): void {
    if (this.#over === undefined) this.#taker = taker;
    else taker(this.#over);
  }

  #end(over: HttpAnswer | Error): void {
    if (this.#taker === undefined) this.#over = over;
    else this.#taker(over);
  }
}

/**
 * Keeps the polls of an environment whose next poll goes out with its answer: one write, and one wake-up of the
 * platform, less. Not every server takes a request before it has answered the one before: after the first poll that was
 * lost or refused each goes on its own.
 *
 * @param client the transport
 * @param stopping aborted when no further event is wanted: none is asked for any more
 * @param log where the end of it is told
 */
export function createEarlyPolls(client: HttpClient, stopping: AbortSignal, log: Log): EarlyPolls {
  const polls: EarlyPoll[] = [];
  let isOn = client.sendBoth !== undefined;

  function goOnWithout(reason: string): void {
    if (isOn && !stopping.aborted)
      log.warn(`a poll sent behind an answer was ${reason}: from now on each is sent on its own`);
    isOn = false;
  }

  return {
    sendBehind(post, exchange, poll) {
      if (!isOn || stopping.aborted || post.body.length > MAX_BODY_BYTES) return false;
      const early = new EarlyPoll();
      client.sendBoth?.(post, exchange, poll, early);
      polls.push(early);
      return true;
    },
    take(onAnswer, onNone) {
      const poll = polls.shift();
      if (poll === undefined) return onNone();
      poll.take((over) => {
        if (!(over instanceof Error) && over.status === 200) return onAnswer(over);
        goOnWithout(over instanceof Error ? `lost (${over.message})` : `refused with ${over.status}`);
        onNone();
      });
    },
  };
}
