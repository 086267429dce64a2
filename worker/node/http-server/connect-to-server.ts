import { connect, type Socket } from 'node:net';
import type { ServerAddress } from './server-watch.ts';

/** For all connections: Node's parser copies what it hands on within the read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Opens a connection for a request of `node:http`, which is to have it alone. It is read into one buffer: in a long
 * answer, a new one for each read would wait for the garbage collector beside the parts that are made of it.
 * @param address - where the server listens
 * @returns the connection; what it reads it emits as `data`, valid during the call only
 */
export function connectToServer(address: ServerAddress): Socket {
  const target = 'socketPath' in address ? { path: address.socketPath } : address;
  const onread = {
    buffer: readBuffer,
    callback(bytes: number): boolean {
      socket.emit('data', readBuffer.subarray(0, bytes));
      return true;
    },
  };
  const socket = connect({ ...target, noDelay: true, onread });
  return socket;
}
