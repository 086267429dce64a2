/** Status and headers of an HTTP answer, as the callers of streams read them before its body. */
export interface HttpPrelude {
  readonly statusCode: number;
  /** Names in lower case; no `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each a value of `set-cookie`. */
  readonly cookies: readonly string[];
}

/** What a result is made of. */
export interface StreamedBody extends AsyncIterable<Uint8Array | string> {
  /** Whether nobody else uses the memory of its parts, which is given back when they were sent. */
  readonly ownsParts?: boolean;
}

/** A handler's result that is sent to the caller as it comes. */
export class StreamedResult {
  readonly body: StreamedBody | null;
  readonly contentType: string;
  readonly prelude: HttpPrelude | undefined;
  readonly end: (() => Promise<void>) | undefined;

  /**
   * @param body the parts, each sent when it comes
   * @param contentType of the stream; with a prelude Lambda's own type goes out instead
   * @param prelude what makes it an HTTP answer
   * @param end called when the last part was read, reading failed, or the body was let go, maybe twice; the stream ends
   *   when it is through
   */
  constructor(
    body: StreamedBody | null,
    contentType: string,
    prelude?: HttpPrelude,
    end?: () => Promise<void>,
  ) {
    this.body = body;
    this.contentType = contentType;
    this.prelude = prelude;
    this.end = end;
  }
}
