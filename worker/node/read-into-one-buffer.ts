import { Socket, type SocketConstructorOpts } from 'node:net';

/** Large enough for a small message in one read and a large one in few. */
const READ_BYTES = 64 * 1024;

/** What a connection that a server took holds, and a new one can take over: nothing that Node documents. */
type WithHandle = { _handle?: object | null };

/**
 * Reads a connection that a server took into one buffer: a fresh one of 64 KiB for each read is work that
 * the allocator and the garbage collector feel at each invocation. Node offers this for connections that one opens only (`onread`); should the handle that
 * makes it possible here be gone one day, the connection is read in the usual way.
 *
 * @param accepted a paused connection, which is not to be used any more
 * @param serve gets the connection to answer on, and returns what takes the bytes: the first so many of a buffer, or
 *   all, valid during the call only
 * @returns the connection to use
 */
export function readIntoOneBuffer(
  accepted: Socket,
  serve: (socket: Socket) => (buffer: Buffer, bytes?: number) => void,
): Socket {
  const { _handle: handle } = accepted as WithHandle;
  if (!handle) {
    accepted.on('data', serve(accepted)).resume();
    return accepted;
  }
  (accepted as WithHandle)._handle = null;
  let take: ReturnType<typeof serve> = () => {};
  const onread = {
    buffer: Buffer.allocUnsafe(READ_BYTES),
    callback(bytes: number, buffer: Uint8Array) {
      take(buffer as Buffer, bytes);
      return true;
    },
  };
  const socket = new Socket({ handle, onread } as SocketConstructorOpts);
  take = serve(socket);
  return socket;
}
