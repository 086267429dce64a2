import { REPLACE_HEADER } from '../protocol.ts';
import { writeErrorCause } from './error-cause.ts';
import { describeError, errorCategory, errorFields, type MapStack } from './errors.ts';
import type { Answer, InvocationRequest } from './invoke.ts';
import { ERROR_TYPE_HEADER, TRACE_ID_HEADER, XRAY_CAUSE_HEADER } from './lambda-headers.ts';
import type { InvocationScope } from './logging/invocation-scope.ts';
import type { Logger } from './logging/logger.ts';

/** An invocation that failed. */
export interface FailedInvocation {
  readonly request: InvocationRequest;
  readonly scope: InvocationScope;
  readonly error: unknown;
  /** Whether this process is not to be used again. */
  readonly replace: boolean;
}

/** Makes the answer that tells of an error, and writes the log line that does. */
export type FailInvocation = (failed: FailedInvocation) => Answer;

/**
 * Makes what turns errors into answers.
 * @param mapStack - applied to stacks
 * @param logger - told of each error
 * @returns the function; it never throws
 */
export function createFailInvocation(mapStack: MapStack, logger: Logger): FailInvocation {
  return ({ request, scope, error, replace }) => {
    const described = describeError(error, mapStack);
    logger.logError('Invoke Error', described, errorFields(error), scope);
    const type = `${ERROR_TYPE_HEADER}: ${errorCategory(described.errorType)}\r\n`;
    return {
      status: 500,
      lines:
        `content-type: application/json\r\n${type}` +
        causeLine(request, error, mapStack) +
        (replace ? `${REPLACE_HEADER}: 1\r\n` : ''),
      body: Buffer.from(JSON.stringify(described)),
    };
  };
}

/** Lambda lays the cause into the invocation's trace: of one that is not recorded nobody would see it. */
function causeLine({ header }: InvocationRequest, error: unknown, mapStack: MapStack): string {
  if (!header(TRACE_ID_HEADER)?.includes('Sampled=1')) return '';
  return `${XRAY_CAUSE_HEADER}: ${writeErrorCause(error, mapStack)}\r\n`;
}
