import type { HostError } from '../errors.ts';
import type { ServerAddress, ServerWatch } from './server-watch.ts';

/**
 * Waits until the function's server listens. It is given up when nothing is left in the event loop that could make it
 * listen, or when the time is over.
 * @param watch - sees the servers that start
 * @param limitMs - how long to wait
 * @param explain - makes the error from the reason
 * @returns where it listens
 * @throws HostError that `explain` makes
 */
export async function findServer(
  watch: ServerWatch,
  limitMs: number,
  explain: (reason: string) => HostError,
): Promise<ServerAddress> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const seen = () =>
    watch.elsewhere.length === 0 ? '' : `; there is one on ${watch.elsewhere.join(' and ')}`;
  const where = `process.env.PORT (${watch.port}) or process.env.PILOTLIGHT_SOCKET`;
  const giveUp = (when: string) => explain(`no server listens on ${where} ${when}${seen()}`);
  // Thrown from the event, it takes the way of an uncaught exception, before others conclude something from the event.
  const onEmptyLoop = (): never => {
    throw giveUp('and nothing is left in the event loop that could start one');
  };
  process.prependListener('beforeExit', onEmptyLoop);
  const timer = setTimeout(() => reject(giveUp(`after ${limitMs / 1000} s`)), limitMs).unref();
  try {
    return await Promise.race([watch.listening, givenUp]);
  } finally {
    clearTimeout(timer);
    process.off('beforeExit', onEmptyLoop);
  }
}
