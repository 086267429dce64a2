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
    post: HttpRequest & { readonly body: Buffer },
    exchange: HttpExchange,
    poll: HttpRequest,
  ): boolean;
  /**
   * Waits for the oldest poll that is on its way.
   *
   * @returns `undefined` when there is none, or it was lost or refused: then a poll is to be sent
   */
  take(): Promise<HttpAnswer | undefined>;
}

/** A larger answer may be refused before it was read, and what stands behind it lost (limit: 6 MiB). */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

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
  const polls: Promise<HttpAnswer>[] = [];
  let isOn = client.sendBoth !== undefined;

  function goOnWithout(reason: string): void {
    if (isOn && !stopping.aborted)
      log.warn(`a poll sent behind an answer was ${reason}: from now on each is sent on its own`);
    isOn = false;
  }

  return {
    sendBehind(post, exchange, poll) {
      if (!isOn || stopping.aborted || post.body.length > MAX_BODY_BYTES) return false;
      const polled = new Promise<HttpAnswer>((resolve, reject) => {
        client.sendBoth?.(post, exchange, poll, { onAnswer: resolve, onError: reject });
      });
      // Looked at when the next event is wanted; until then a loss is nobody's error.
      polled.catch(() => {});
      polls.push(polled);
      return true;
    },
    async take() {
      const poll = polls.shift();
      if (poll === undefined) return undefined;
      try {
        const answer = await poll;
        if (answer.status === 200) return answer;
        goOnWithout(`refused with ${answer.status}`);
      } catch (error) {
        goOnWithout(`lost (${(error as Error).message})`);
      }
      return undefined;
    },
  };
}
