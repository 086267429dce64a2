import type { HostError } from '../errors.ts';
import type { ServerAddress, ServerWatch } from './server-watch.ts';
import { tryPort } from './try-port.ts';

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
  const { promise, resolve, reject } = Promise.withResolvers<ServerAddress>();
  const giveUp = (when: string): HostError => explain(`${describe(watch)} ${when}`);
  // As an uncaught exception, at once, before others conclude something from the event. Not thrown: Deno would end.
  const onEmptyLoop = (): void => {
    process.emit('uncaughtException', giveUp('and nothing is left in the event loop that could start one'));
  };
  process.prependListener('beforeExit', onEmptyLoop);
  const timer = setTimeout(() => reject(giveUp(`after ${limitMs / 1000} s`)), limitMs).unref();
  const stopTries = tryPort(watch.port, resolve);
  watch.listening.then(resolve);
  try {
    return await promise;
  } finally {
    watch.stop();
    stopTries();
    clearTimeout(timer);
    process.off('beforeExit', onEmptyLoop);
  }
}

function describe({ port, elsewhere }: ServerWatch): string {
  const others = elsewhere.length === 0 ? '' : ` (one does on ${elsewhere.join(' and ')})`;
  return `no server listens on process.env.PORT, which is ${port}, or process.env.PILOTLIGHT_SOCKET${others}`;
}
