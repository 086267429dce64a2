import { createServer } from 'node:net';

/** Below those that systems hand out for outgoing connections. */
const PORTS = { first: 20_000, count: 10_000 };
const TRIES = 20;

/**
 * Picks a port at random on which nothing listens: environments of the local Lambda share one network. All in this
 * turn, as a server on all addresses needs no lookup.
 * @param pick - gives the ports to try
 * @returns the port; it may be taken when many in a row were
 */
export function freePort(pick: () => number = randomPort): number {
  let port = pick();
  for (let left = TRIES; left > 1 && !isFree(port); left--) port = pick();
  return port;
}

function isFree(port: number): boolean {
  const server = createServer()
    .on('error', () => undefined)
    .listen(port);
  const { listening } = server;
  server.close();
  return listening;
}

function randomPort(): number {
  return PORTS.first + Math.floor(Math.random() * PORTS.count);
}
