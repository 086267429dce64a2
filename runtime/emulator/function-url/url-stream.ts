import type { ServerResponse } from 'node:http';
import type { Answer, AnswerStream } from '../invocation.ts';
import { writePart } from '../response-writer.ts';
import { parseUrlHead, type UrlHead } from './url-head.ts';
import { renderUrlFailure, writeUrlHead } from './url-response.ts';

/** Type of a stream that begins with its status and headers. */
const INTEGRATION_TYPE = 'application/vnd.awslambda.http-integration-response';
const DELIMITER = Buffer.alloc(8);
/** So that a function that forgot the delimiter does not fill the memory. */
const MAX_PRELUDE_BYTES = 1024 * 1024;

/** An HTTP answer that is sent while the function writes it. */
export class UrlStream implements AnswerStream {
  readonly #response: ServerResponse;
  /** What came of the prelude so far; undefined when none is to come. */
  #prelude: Buffer | undefined;
  /** Sent before the first byte of the body, since an error before that still changes the status. */
  #head: UrlHead | undefined;
  #problem: string | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  begin(contentType: string): void {
    if (contentType.split(';', 1)[0]?.trim().toLowerCase() === INTEGRATION_TYPE) {
      this.#prelude = Buffer.alloc(0);
    } else {
      this.#head = parseUrlHead({ headers: { 'content-type': contentType } }, contentType);
    }
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#prelude === undefined) return this.#writeBody(chunk);
    this.#prelude = Buffer.concat([this.#prelude, chunk]);
    const end = this.#prelude.indexOf(DELIMITER);
    if (end === -1) {
      if (this.#prelude.length > MAX_PRELUDE_BYTES) this.#fail('its prelude does not end with eight NULs');
      return undefined;
    }
    const [text, rest] = [
      this.#prelude.toString('utf8', 0, end),
      this.#prelude.subarray(end + DELIMITER.length),
    ];
    this.#prelude = undefined;
    try {
      this.#head = parseUrlHead(JSON.parse(text), 'application/octet-stream');
    } catch (error) {
      this.#fail((error as Error).message);
      return undefined;
    }
    // The head goes out with the prelude: a body may come much later, or never.
    this.#sendHead();
    this.#response.flushHeaders();
    return this.#writeBody(rest);
  }

  /**
   * Ends the answer as the invocation ended.
   *
   * @returns why the function's answer could not be sent, where it is to blame
   */
  finish(answer: Answer): string | undefined {
    if (!answer.failed && answer.payload.length > 0) {
      this.begin(answer.contentType);
      this.write(answer.payload);
    }
    if (this.#prelude !== undefined && !answer.failed) this.#fail('its prelude does not end with eight NULs');
    if (answer.failed || this.#problem !== undefined) {
      // A cut connection is the only way to say that the rest is missing.
      if (this.#response.headersSent) this.#response.destroy();
      else renderUrlFailure(this.#response);
    } else {
      this.#sendHead();
      this.#response.end();
    }
    return this.#problem;
  }

  #writeBody(chunk: Uint8Array): Promise<void> | undefined {
    if (chunk.length === 0 || this.#problem !== undefined) return undefined;
    this.#sendHead();
    return writePart(this.#response, chunk);
  }

  #sendHead(): void {
    if (this.#head === undefined || this.#response.headersSent || this.#response.destroyed) return;
    writeUrlHead(this.#response, this.#head);
  }

  #fail(problem: string): void {
    this.#problem ??= problem;
    this.#prelude = undefined;
  }
}
