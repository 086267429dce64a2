import type { FunctionError } from '../../worker/protocol.ts';
import type { PilotlightError } from '../errors.ts';
import { errorTrailers } from '../http1/error-trailers.ts';
import { ERROR_TYPE_HEADER } from './names.ts';

/**
 * The answer that tells a caller about a failure of ours or of the worker.
 *
 * @param error what went wrong
 */
export function errorAnswer(error: PilotlightError) {
  return {
    kind: 'error',
    lines: `content-type: application/json\r\n${ERROR_TYPE_HEADER}: ${errorTypeHeader(error.errorType)}\r\n`,
    body: Buffer.from(JSON.stringify(toldError(error))),
  } as const;
}

/**
 * The trailer lines that tell about such a failure when a part of the result was sent.
 *
 * @param error what went wrong
 */
export function lateErrorTrailers(error: PilotlightError): string {
  return errorTrailers(errorTypeHeader(error.errorType), toldError(error));
}

function toldError({ errorType, message, trace }: PilotlightError): FunctionError {
  return { errorType, errorMessage: message, trace };
}

/**
 * The category for Lambda's metrics and logs. Lambda keeps only what looks like `Runtime.Name` or `Function.Name`
 * and turns all else into `Runtime.Unknown`, which would blame us for a function's own error. The host has the twin.
 */
function errorTypeHeader(errorType: string): string {
  if (/^(?:Runtime|Function|Sandbox)\.[A-Z][a-zA-Z][\w.]{0,200}$/.test(errorType)) return errorType;
  return /^[A-Z][a-zA-Z][\w.]{0,200}$/.test(errorType) ? `Function.${errorType}` : 'Function.Unknown';
}
