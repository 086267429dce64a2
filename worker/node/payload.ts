import { toWholeBody, type WholeBody } from '../../runtime/http1/whole-body.ts';
import { HostError } from './errors.ts';

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads an event. An empty body is `{}`: what Lambda is reported to deliver for an invocation without a payload,
 * and what lets a handler that takes its event apart run.
 * @param body - the event's bytes, UTF-8 with or without a byte order mark
 * @returns the event
 * @throws HostError `Runtime.UnmarshalError` when it is no JSON
 */
export function parseEvent(body: WholeBody): unknown {
  const text = body.toString();
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (json === '') return {};
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new HostError(
      'Runtime.UnmarshalError',
      `Cannot read the event as JSON: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

/**
 * Writes a result.
 * @param value - what the handler answered; `undefined` and functions become `null`
 * @returns the result's JSON
 * @throws HostError `Runtime.JSONStringifyError` for a BigInt, a cycle, a `toJSON` that throws
 */
export function writeResult(value: unknown): WholeBody {
  try {
    return toWholeBody(JSON.stringify(value) ?? 'null');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostError('Runtime.JSONStringifyError', `Cannot write the result as JSON: ${reason}`, {
      cause,
    });
  }
}
