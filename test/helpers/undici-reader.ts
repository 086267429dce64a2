import { Client, type Dispatcher } from 'undici';
import { afterTurns, MemorySide } from './memory-side.ts';
import { headerText, type ReadMessage, type ReadStream } from './read-message.ts';

/** All happens in memory: what was not told after these will never be. */
const TURNS = 20;

/**
 * Lets undici's client read streams of answers, all at once, as those to pipelined requests.
 *
 * @param streams the bytes of each connection, after which it ends
 * @param requests how many answers are expected on each
 */
export async function readByUndici(
  streams: readonly Buffer[],
  requests: number,
): Promise<readonly ReadStream[]> {
  const readers = streams.map((bytes) => new Reader(bytes, requests));
  await afterTurns(TURNS);
  await Promise.all(readers.map((reader) => reader.close()));
  return readers.map(({ messages, refused }) => ({ messages, refused }));
}

class Reader {
  readonly messages: ReadMessage[] = [];
  refused: string | undefined;
  readonly #client: Client;
  readonly #side = new MemorySide();

  constructor(bytes: Buffer, requests: number) {
    let connections = 0;
    this.#client = new Client('http://memory', {
      pipelining: requests,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 80_000,
      connect: (_options, give) => {
        // What the stream left unanswered is not asked again.
        if (connections++ > 0) give(new Error('NO_SECOND_CONNECTION'), null);
        else give(null, this.#side as never);
      },
    });
    for (let count = 0; count < requests; count++) this.#ask();
    // Behind the requests: an answer that nobody asked for is another thing.
    setImmediate(() => {
      this.#side.push(bytes);
      this.#side.push(null);
    });
  }

  close(): Promise<void> {
    return this.#client.destroy();
  }

  #ask(): void {
    const parts: Buffer[] = [];
    let start = '';
    let headers = '';
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(controller, status) {
        start = String(status);
        headers = headerText((controller.rawHeaders ?? []) as (string | Buffer)[]);
      },
      onResponseData: (_controller, part) => void parts.push(Buffer.from(part)),
      onResponseEnd: (controller) => {
        const trailers = headerText((controller.rawTrailers ?? []) as (string | Buffer)[]);
        this.messages.push({ start, headers, body: Buffer.concat(parts).toString('latin1'), trailers });
      },
      onResponseError: (_controller, { code, message }: NodeJS.ErrnoException) => {
        this.refused ??= code ?? message;
      },
    };
    this.#client.dispatch({ path: '/', method: 'GET', blocking: false }, handler);
  }
}
