import { Socket } from 'node:net';
import { hideStdin } from '../node/stdin.ts';

/** Deno's `process.stdin` cannot be left out of what keeps the event loop. */
export function takeStdin(): Socket {
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  stdin.on('error', () => undefined);
  hideStdin();
  return stdin;
}
