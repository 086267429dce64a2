import type { Socket } from 'node:net';
import type { Watch } from '../watch.ts';
import type { Transcript } from './transcript.ts';

/** What the kit knows of a connection. */
export interface ApiConnection {
  readonly number: number;
  readonly socket: Socket;
  readonly transcript: Transcript;
  readonly watch: Watch;
  readonly limitMs: number;
  /** Whether the kit has cut it: what still comes on it is lost. */
  isCut: boolean;
}

const ACCEPTED = '{"status":"OK"}\n';

/** A request of the bootstrap: there once its head came, while its body may still be on the way. */
export class ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  /** Names in lower case, in the order in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly connection: ApiConnection;
  readonly trailers = new Map<string, string>();
  isWhole = false;
  isLost = false;
  /** Whether a case has taken it. */
  isTaken = false;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(connection: ApiConnection, head: string) {
    const [start = '', ...lines] = head.split('\r\n');
    const [method = '', path = '', version = ''] = start.split(' ');
    this.method = method;
    this.path = path;
    this.version = version;
    this.connection = connection;
    this.headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
  }

  header(name: string): string | undefined {
    return this.headers.find(([each]) => each === name)?.[1];
  }

  take(data: Buffer): void {
    this.#chunks.push(data);
    this.#bytes += data.length;
  }

  get receivedBytes(): number {
    return this.#bytes;
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.body.toString('utf8');
  }

  /** @throws SyntaxError when the body is no JSON */
  get json(): unknown {
    return JSON.parse(this.text);
  }

  /** Waits until the body and its trailers came. */
  async whole(): Promise<this> {
    await this.#until(`the rest of ${this.method} ${this.path}`, () => this.isWhole);
    return this;
  }

  /** Sends bytes as they are. */
  send(bytes: string | Uint8Array): void {
    const { socket, transcript, number } = this.connection;
    const data = Buffer.from(bytes as Uint8Array);
    transcript.add('kit', number, data);
    if (!socket.destroyed) socket.write(data);
  }

  /** Answers with a status, as Lambda words it. */
  answer(status: number, body: unknown = { errorMessage: 'scripted', errorType: 'Scripted' }): void {
    const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
    this.send(
      `HTTP/1.1 ${status} Scripted\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }

  /** Answers 202. */
  accept(): void {
    this.answer(202, ACCEPTED);
  }

  /** Cuts the connection. */
  cut(how: 'end' | 'reset'): void {
    this.connection.isCut = true;
    this.connection.transcript.note(`<${this.connection.number} (${how === 'end' ? 'closed' : 'reset'})`);
    if (how === 'end') this.connection.socket.end();
    else this.connection.socket.resetAndDestroy();
  }

  async #until(what: string, isThere: () => boolean): Promise<void> {
    const { watch, limitMs } = this.connection;
    await watch.until(what, limitMs, () => {
      if (isThere()) return true;
      if (this.isLost) throw new Error(`${this.method} ${this.path} broke off after ${this.#bytes} bytes`);
      return undefined;
    });
  }
}
