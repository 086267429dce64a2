import type { Socket } from 'node:net';

/** What a connection that a server took holds cannot be handed on in Bun. */
export function readIntoOneBuffer(
  accepted: Socket,
  serve: (socket: Socket) => (bytes: Buffer) => void,
): Socket {
  accepted.on('data', serve(accepted)).resume();
  return accepted;
}
