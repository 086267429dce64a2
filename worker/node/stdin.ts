import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

/**
 * Takes the process's standard input for the protocol and gives user code an empty one, as Lambda's is. A second
 * stream over the same descriptor would fail, and a library that pauses the first would hide the bootstrap's end.
 * @returns the stream that carries the bootstrap's lines
 */
export function takeStdin(): Socket {
  const stdin = process.stdin;
  // A bootstrap that was killed may leave a reset behind; `close` follows, and says all there is to know.
  stdin.on('error', () => undefined);
  hideStdin();
  return stdin;
}

/** Gives user code an empty standard input. */
export function hideStdin(): void {
  let empty: Readable | undefined;
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get: () => {
      empty ??= Object.assign(Readable.from([]), { fd: 0 });
      return empty;
    },
  });
}
