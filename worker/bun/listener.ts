import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Listener } from '../node/listener.ts';

/** What Node's streams hold before they ask their writers to wait. */
const HIGH_WATER_BYTES = 64 * 1024;
/** Up to here parts that were held back become one write. */
const ONE_WRITE_BYTES = 64 * 1024;

/** A connection of Bun's. */
interface BunSocket {
  data: Connection;
  /** Takes as many bytes as the system has room for and returns their number; -1 when it is closed. */
  write(bytes: Uint8Array): number;
  /** Ends it when what was written is sent. */
  end(): void;
  terminate(): void;
  pause(): void;
  resume(): void;
  unref(): void;
}

interface BunHandlers {
  open(socket: BunSocket): void;
  data(socket: BunSocket, bytes: Buffer): void;
  drain(socket: BunSocket): void;
  close(socket: BunSocket): void;
  error(socket: BunSocket, error: Error): void;
}

type Listen = (options: { readonly unix: string; readonly socket: BunHandlers }) => {
  ref(): void;
  unref(): void;
};

/** Taken before user code runs, which may replace it. */
const { listen } = (globalThis as unknown as { Bun: { readonly listen: Listen } }).Bun;

type Written = () => void;

/** As much of Node's socket as our framing uses. */
class Connection extends EventEmitter {
  destroyed = false;
  closed = false;
  readonly errored = null;
  writableLength = 0;
  take: (bytes: Buffer) => void = () => {};
  readonly #socket: BunSocket;
  #held: { bytes: Uint8Array; readonly written: Written | undefined }[] = [];
  #corks = 0;
  #isEnding = false;
  #needsDrain = false;

  constructor(socket: BunSocket) {
    super();
    this.#socket = socket;
  }

  write(data: Uint8Array | string, coding?: BufferEncoding | Written, callback?: Written): boolean {
    const bytes = typeof data === 'string' ? Buffer.from(data, coding as BufferEncoding) : data;
    const written = typeof coding === 'function' ? coding : callback;
    const sent = this.#corks === 0 && this.#held.length === 0 ? this.#send(bytes) : 0;
    if (sent === bytes.length) {
      if (written !== undefined) process.nextTick(written);
      return true;
    }
    this.#held.push({ bytes: bytes.subarray(sent), written });
    this.writableLength += bytes.length - sent;
    // Also of little, since it does not say as Node's does whether it will.
    this.#needsDrain = true;
    return this.writableLength < HIGH_WATER_BYTES;
  }

  end(data?: string): void {
    if (data !== undefined) this.write(data, 'latin1');
    this.#isEnding = true;
    if (this.writableLength === 0) this.#socket.end();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#socket.terminate();
  }

  cork(): void {
    this.#corks += 1;
  }

  uncork(): void {
    this.#corks -= 1;
    if (this.#corks === 0) this.flush();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Unix sockets send at once. */
  setNoDelay(): void {}

  /** Writes what was held back, as far as the system has room. */
  flush(): void {
    if (this.#held.length > 1 && this.writableLength <= ONE_WRITE_BYTES) this.#join();
    while (this.#corks === 0) {
      const [first] = this.#held;
      if (first === undefined) break;
      const sent = this.#send(first.bytes);
      this.writableLength -= sent;
      first.bytes = first.bytes.subarray(sent);
      if (first.bytes.length > 0) return;
      this.#held.shift();
      if (first.written !== undefined) process.nextTick(first.written);
    }
    if (this.writableLength > 0) return;
    if (this.#isEnding) this.#socket.end();
    if (this.#needsDrain) process.nextTick(() => this.emit('drain'));
    this.#needsDrain = false;
  }

  /** Says that nothing can be sent or received any more. */
  takeClose(): void {
    this.destroyed = true;
    this.closed = true;
    for (const { written } of this.#held.splice(0)) written?.();
    this.emit('close');
  }

  #join(): void {
    const callbacks = this.#held.flatMap(({ written }) => written ?? []);
    const bytes = Buffer.concat(this.#held.map((part) => part.bytes));
    const written = () => {
      for (const callback of callbacks) callback();
    };
    this.#held = [{ bytes, written }];
  }

  /** To a connection that is closed all is sent, and lost, as it is in Node. */
  #send(bytes: Uint8Array): number {
    const sent = this.destroyed ? -1 : this.#socket.write(bytes);
    return sent < 0 ? bytes.length : sent;
  }
}

/** An error within a handler is the process's; Bun tells it to the connection. */
function rethrow(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** On Bun's own sockets: its `node:net` is built on them, and costs as much as all of our framing. */
export function createListener(serve: (socket: Socket) => (bytes: Buffer) => void): Listener {
  const handlers: BunHandlers = {
    open(socket) {
      const connection = new Connection(socket);
      socket.data = connection;
      socket.unref();
      connection.take = serve(connection as unknown as Socket);
    },
    data({ data }, bytes) {
      try {
        data.take(bytes);
      } catch (error) {
        rethrow(error);
      }
    },
    drain: ({ data }) => data.flush(),
    close: ({ data }) => data.takeClose(),
    error({ data }, error) {
      if ('code' in error) data.destroy();
      else rethrow(error);
    },
  };
  let server: ReturnType<Listen> | undefined;
  return {
    async listen(socketPath) {
      server = listen({ unix: socketPath, socket: handlers });
    },
    ref: () => server?.ref(),
    unref: () => server?.unref(),
  };
}
