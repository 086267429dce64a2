import type { FunctionError } from '../../worker/protocol.ts';
import type { PilotlightError } from '../errors.ts';
import type { Answer } from './invocation.ts';
import { ERROR_TYPE_HEADER } from './names.ts';

/**
 * The answer that tells a caller about a failure of ours or of the worker.
 *
 * @param error what went wrong
 */
export function errorAnswer(error: PilotlightError): Answer {
  const body: FunctionError = {
    errorType: error.errorType,
    errorMessage: error.message,
    trace: error.trace,
  };
  return {
    kind: 'error',
    lines: `content-type: application/json\r\n${ERROR_TYPE_HEADER}: ${errorTypeHeader(error.errorType)}\r\n`,
    body: Buffer.from(JSON.stringify(body)),
  };
}

/**
 * The category for Lambda's metrics and logs. Lambda keeps only what looks like `Runtime.Name` or `Function.Name`
 * and turns all else into `Runtime.Unknown`, which would blame us for a function's own error. The host has the twin.
 */
function errorTypeHeader(errorType: string): string {
  if (/^(?:Runtime|Function|Sandbox)\.[A-Z][a-zA-Z][\w.]*$/.test(errorType)) return errorType;
  return /^[A-Z][a-zA-Z][\w.]*$/.test(errorType) ? `Function.${errorType}` : 'Function.Unknown';
}
