import { connect } from 'node:net';
import { mayServeElsewhere } from './may-serve-elsewhere.ts';
import type { ServerAddress } from './server-watch.ts';

const TRY_EVERY_MS = 25;
const HOST = '127.0.0.1';

/**
 * Tries a port as long as the function has a child process or a thread, whose servers Node does not announce here.
 * Without one nothing is tried: another program's server may be there.
 * @param port - on loopback; what is no number is not tried
 * @param found - called once, when something takes a connection
 * @returns what ends the tries
 */
export function tryPort(port: number, found: (address: ServerAddress) => void): () => void {
  const timer = setInterval(() => {
    if (Number.isNaN(port) || !mayServeElsewhere()) return;
    const socket = connect({ host: HOST, port }, () => {
      socket.destroy();
      stop();
      found({ host: HOST, port });
    });
    socket.unref().on('error', () => undefined);
  }, TRY_EVERY_MS).unref();
  const stop = (): void => clearInterval(timer);
  return stop;
}
