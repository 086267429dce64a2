import type { FunctionError } from '../../worker/protocol.ts';
import type { PilotlightError } from '../errors.ts';
import { ERROR_BODY_HEADER, ERROR_TYPE_HEADER } from './names.ts';

/**
 * The answer that tells a caller about a failure of ours or of the worker.
 *
 * @param error what went wrong
 */
export function errorAnswer(error: PilotlightError) {
  return {
    kind: 'error',
    lines: `content-type: application/json\r\n${errorTypeLine(error)}`,
    body: errorBody(error),
  } as const;
}

/**
 * The trailer lines that tell about such a failure when a part of the result was sent.
 *
 * @param error what went wrong
 */
export function errorTrailers(error: PilotlightError): string {
  return `${errorTypeLine(error)}${ERROR_BODY_HEADER}: ${errorBody(error).toString('base64')}\r\n`;
}

function errorBody({ errorType, message, trace }: PilotlightError): Buffer {
  const body: FunctionError = { errorType, errorMessage: message, trace };
  return Buffer.from(JSON.stringify(body));
}

function errorTypeLine({ errorType }: PilotlightError): string {
  return `${ERROR_TYPE_HEADER}: ${errorTypeHeader(errorType)}\r\n`;
}

/**
 * The category for Lambda's metrics and logs. Lambda keeps only what looks like `Runtime.Name` or `Function.Name`
 * and turns all else into `Runtime.Unknown`, which would blame us for a function's own error. The host has the twin.
 */
function errorTypeHeader(errorType: string): string {
  if (/^(?:Runtime|Function|Sandbox)\.[A-Z][a-zA-Z][\w.]*$/.test(errorType)) return errorType;
  return /^[A-Z][a-zA-Z][\w.]*$/.test(errorType) ? `Function.${errorType}` : 'Function.Unknown';
}
