import { openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { statDescriptor } from './stat-descriptor.ts';

const STANDARD_ERROR = 2;

type Write = (bytes: Uint8Array) => void;

const opened = new Map<number, Write>();

/**
 * Deno's functions for files know the standard descriptors and what they opened. A pipe is opened once more, by its
 * name; sockets cannot be: of these Deno's stream writes what there is room for within the call.
 */
export function writeWhole(descriptor: number, bytes: Uint8Array): void {
  let write = opened.get(descriptor);
  if (write === undefined) {
    write = openDescriptor(descriptor);
    opened.set(descriptor, write);
  }
  write(bytes);
}

function openDescriptor(descriptor: number): Write {
  if (descriptor <= STANDARD_ERROR) return (bytes) => writeAll(descriptor, bytes);
  if (!statDescriptor(descriptor).isSocket()) {
    const own = openSync(`/proc/self/fd/${descriptor}`, 'a');
    return (bytes) => writeAll(own, bytes);
  }
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  socket.on('error', () => undefined).unref();
  return (bytes) => void socket.write(bytes);
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written);
  }
}
