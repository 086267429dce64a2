/** What an error answer says. */
export interface ErrorBody {
  readonly message: string;
  readonly trace: readonly string[];
}

/**
 * Reads the body of an error answer, which a runtime may fill with anything.
 *
 * @param text of the body; where it is not an object with `errorMessage`, all of it is the message
 */
export function readErrorBody(text: string): ErrorBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { message: text, trace: [] };
  }
  const { errorMessage, trace, stackTrace = trace } = Object(body) as Readonly<Record<string, unknown>>;
  return {
    message: typeof errorMessage === 'string' ? errorMessage : text,
    trace: Array.isArray(stackTrace) ? stackTrace.map(String) : [],
  };
}
