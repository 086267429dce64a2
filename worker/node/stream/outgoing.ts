import type { ChunkWriter } from '../../../runtime/http1/chunk-writer.ts';
import { errorTrailers } from '../../../runtime/http1/error-trailers.ts';
import type { FunctionError } from '../../protocol.ts';
import { REPLACE_HEADER } from '../../protocol.ts';
import type { Answer } from '../answer.ts';
import { errorCategory, HostError } from '../errors.ts';
import { holdLoop } from '../hold-loop.ts';
import { RESPONSE_MODE_HEADER } from '../lambda-headers.ts';

const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';
/** What stands between the prelude and the body. */
const PRELUDE_END = Buffer.alloc(8);
const HEADER_SAFE = /^[\t\x20-\x7e]*$/;

/** How errors are told, which is the invoker's business. */
export interface ErrorWriter {
  answer(error: unknown, replace: boolean): Answer;
  describe(error: unknown): FunctionError;
}

/** The stream that answers one invocation. It begins with the first byte; until then an error is a plain answer. */
export class Outgoing {
  /** Told when nobody is left to get it. */
  onGone: () => void = () => {};
  readonly #respond: (answer: Answer) => void;
  readonly #errors: ErrorWriter;
  #contentType = 'application/octet-stream';
  #prelude: Buffer | undefined;
  #writer: ChunkWriter | undefined;

  constructor(respond: (answer: Answer) => void, errors: ErrorWriter) {
    this.#respond = respond;
    this.#errors = errors;
  }

  set contentType(type: string) {
    if (this.#writer !== undefined) throw invalid('the stream has begun');
    if (!HEADER_SAFE.test(type)) throw invalid(`${JSON.stringify(type)} is no header value`);
    this.#contentType = type;
  }

  /** Makes it an HTTP answer: status and headers go before the body. */
  set prelude(prelude: unknown) {
    this.contentType = HTTP_TYPE;
    this.#prelude = Buffer.concat([Buffer.from(JSON.stringify(prelude)), PRELUDE_END]);
  }

  get hasPrelude(): boolean {
    return this.#prelude !== undefined;
  }

  /** Sends what goes before the body. */
  begin(): void {
    this.#begin();
  }

  /**
   * Sends a part at once; false when the next one is to wait for `free()`.
   *
   * @param part of the body
   * @param written told when the system has it, or never will
   */
  write(part: Uint8Array, written?: () => void): boolean {
    if (this.#writer !== undefined) return this.#writer.write(part, written);
    if (part.length === 0) {
      written?.();
      return true;
    }
    let mayGoOn = true;
    this.#begin((writer) => {
      mayGoOn = writer.write(part, written);
    });
    return mayGoOn;
  }

  /** Sends a part; resolves when the system has it, or nobody is left to get it. */
  async send(part: Uint8Array): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const mayGoOn = this.write(part, resolve);
    await holdLoop(promise);
    if (!mayGoOn) await this.free();
  }

  async free(): Promise<void> {
    await holdLoop(this.#writer?.free());
  }

  end(): void {
    this.#begin().end('');
  }

  /** Ends it with an error: as a plain answer when nothing was sent, else by trailers. */
  fail(error: unknown, replace: boolean): void {
    if (this.#writer === undefined) this.#respond(this.#errors.answer(error, replace));
    else this.#writer.end(this.#trailers(error, replace));
  }

  #trailers(error: unknown, replace: boolean): string {
    const described = this.#errors.describe(error);
    const trailers = errorTrailers(errorCategory(described.errorType), described);
    return replace ? `${trailers}${REPLACE_HEADER}: 1\r\n` : trailers;
  }

  #begin(andThen?: (writer: ChunkWriter) => void): ChunkWriter {
    if (this.#writer === undefined) {
      const lines = `content-type: ${this.#contentType}\r\n${RESPONSE_MODE_HEADER}: streaming\r\n`;
      // Within this call, so that the first part leaves in one write with the head.
      const body = (writer: ChunkWriter) => {
        this.#writer = writer;
        writer.onGone = () => this.onGone();
        if (this.#prelude !== undefined) writer.write(this.#prelude);
        andThen?.(writer);
      };
      this.#respond({ status: 200, lines, body });
    }
    return this.#writer as unknown as ChunkWriter;
  }
}

function invalid(reason: string): HostError {
  return new HostError('Runtime.InvalidStreamingOperation', `Cannot set the content type: ${reason}`);
}
