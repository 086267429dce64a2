import { type ApiConnection, ApiRequest } from './api-request.ts';

const HEAD_END = '\r\n\r\n';

/** How the body of a request ends, while it is being read. */
type Framing =
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunks'; left: number; state: 'size' | 'data' | 'end' | 'trailers' };

/**
 * Reads the requests of one connection. Strict where the kit judges, and written apart from the project's own framing,
 * whose mistakes it must not share.
 */
export class RequestReader {
  readonly #connection: ApiConnection;
  readonly #onRequest: (request: ApiRequest) => void;
  #pending: Buffer = Buffer.alloc(0);
  #request: ApiRequest | undefined;
  #framing: Framing = { kind: 'length', left: 0 };

  constructor(connection: ApiConnection, onRequest: (request: ApiRequest) => void) {
    this.#connection = connection;
    this.#onRequest = onRequest;
  }

  /**
   * Reads on.
   *
   * @throws when the bytes are no HTTP/1.1
   */
  push(data: Buffer): void {
    this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
    while (this.#step());
  }

  /** The connection ended: what was being read is lost. */
  end(): void {
    if (this.#request !== undefined) this.#request.isLost = true;
  }

  #step(): boolean {
    if (this.#request === undefined) return this.#readHead();
    if (this.#framing.kind === 'length') return this.#readLength(this.#framing);
    return this.#readChunks(this.#framing);
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf(HEAD_END);
    if (end === -1) return false;
    const request = new ApiRequest(this.#connection, this.#consume(end + HEAD_END.length, HEAD_END.length));
    if (request.version !== 'HTTP/1.1')
      throw new Error(`Expected a request of HTTP/1.1, got "${request.version}"`);
    const length = request.header('content-length');
    const coding = request.header('transfer-encoding');
    if (length !== undefined && coding !== undefined) throw new Error('A request has a length and a coding');
    if (coding !== undefined && coding.toLowerCase() !== 'chunked')
      throw new Error(`Unknown coding "${coding}"`);
    if (length !== undefined && !/^\d+$/.test(length)) throw new Error(`"${length}" is no length`);
    this.#framing =
      coding === undefined
        ? { kind: 'length', left: Number(length ?? 0) }
        : { kind: 'chunks', left: 0, state: 'size' };
    this.#request = request;
    if (request.header('expect')?.toLowerCase() === '100-continue')
      request.send(`HTTP/1.1 100 Continue${HEAD_END}`);
    this.#onRequest(request);
    return true;
  }

  #readLength(framing: { left: number }): boolean {
    framing.left -= this.#takeData(framing.left);
    if (framing.left > 0) return false;
    this.#finish();
    return true;
  }

  #readChunks(framing: Extract<Framing, { kind: 'chunks' }>): boolean {
    if (framing.state === 'data') {
      framing.left -= this.#takeData(framing.left);
      if (framing.left > 0) return false;
      framing.state = 'end';
      return true;
    }
    const end = this.#pending.indexOf('\r\n');
    if (end === -1) return false;
    const line = this.#consume(end + 2, 2);
    if (framing.state === 'size') {
      if (!/^[\da-f]+(;.*)?$/i.test(line)) throw new Error(`"${line.slice(0, 40)}" is no chunk size`);
      framing.left = Number.parseInt(line, 16);
      framing.state = framing.left === 0 ? 'trailers' : 'data';
    } else if (framing.state === 'end') {
      if (line !== '') throw new Error(`"${line.slice(0, 40)}" stands where a chunk should end`);
      framing.state = 'size';
    } else if (line === '') this.#finish();
    else {
      const colon = line.indexOf(':');
      this.#request?.trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    return true;
  }

  #takeData(most: number): number {
    const data = this.#pending.subarray(0, most);
    this.#pending = this.#pending.subarray(data.length);
    if (data.length > 0) this.#request?.take(data);
    return data.length;
  }

  #consume(bytes: number, endBytes: number): string {
    const text = this.#pending.toString('latin1', 0, bytes - endBytes);
    this.#pending = this.#pending.subarray(bytes);
    return text;
  }

  #finish(): void {
    if (this.#request !== undefined) this.#request.isWhole = true;
    this.#request = undefined;
  }
}
