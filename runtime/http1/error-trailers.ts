/** What a caller is told about a failure. */
interface ToldError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/**
 * Servers written in Go, as Lambda's is, read trailers of 4 KiB at most, names included; base64 makes four bytes of
 * three. Source: `readTrailer` in Go's net/http.
 */
const MAX_JSON_BYTES = 2_700;
const MAX_TYPE_CHARS = 200;

/**
 * Makes the trailers by which a stream says that it failed, between worker and bootstrap and from there to Lambda.
 *
 * @param category of the failure, for metrics and logs
 * @param error what the caller is told; of one that is too long the trace is cut, and then the message
 * @returns trailer lines, each with its line end
 */
export function errorTrailers(category: string, error: ToldError): string {
  const body = Buffer.from(JSON.stringify(shorten(error))).toString('base64');
  return `lambda-runtime-function-error-type: ${category.slice(0, MAX_TYPE_CHARS)}\r\nlambda-runtime-function-error-body: ${body}\r\n`;
}

function shorten(error: ToldError): ToldError {
  if (fits(error)) return error;
  let { errorMessage } = error;
  const errorType = error.errorType.slice(0, MAX_TYPE_CHARS);
  while (!fits({ errorType, errorMessage, trace: [] })) {
    errorMessage = errorMessage.slice(0, errorMessage.length / 2);
  }
  let trace: readonly string[] = [];
  for (const line of error.trace) {
    const longer = [...trace, line];
    if (!fits({ errorType, errorMessage, trace: longer })) break;
    trace = longer;
  }
  return { errorType, errorMessage, trace };
}

function fits(error: ToldError): boolean {
  return Buffer.byteLength(JSON.stringify(error)) <= MAX_JSON_BYTES;
}
