import { Duplex } from 'node:stream';

/** One side of a connection that leads nowhere; what is pushed is what the other side would have sent. */
export class MemorySide extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
  // What HTTP libraries ask of a socket.
  setTimeout = () => this;
  setNoDelay = () => this;
  setKeepAlive = () => this;
  ref = () => this;
  unref = () => this;
}

/**
 * Waits until whatever happens in memory alone has happened.
 *
 * @param turns of the event loop
 */
export async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}
