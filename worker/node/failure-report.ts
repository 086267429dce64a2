import type { Answer, InvocationRequest } from './answer.ts';
import { writeErrorCause } from './error-cause.ts';
import { errorFields, type MapStack } from './errors.ts';
import { TENANT_ID_HEADER, TRACE_ID_HEADER, XRAY_CAUSE_HEADER } from './lambda-headers.ts';
import type { Logger } from './logging/logger.ts';

/** Completes the answer to an invocation that failed, and leaves every other as it is. */
export type ReportFailure = (answer: Answer, request: InvocationRequest) => Answer;

/**
 * Makes what tells others than the caller of a failure: the log, and X-Ray where the invocation's trace is recorded.
 * Lambda lays the cause into the trace, so of any other nobody would see it.
 * @param logger - where the line goes
 * @param mapStack - applied to stacks
 * @returns the function; it never throws
 */
export function createReportFailure(logger: Logger, mapStack: MapStack): ReportFailure {
  return (answer, { requestId, header }) => {
    if (answer.failure === undefined) return answer;
    const { error, described } = answer.failure;
    const scope = { requestId, tenantId: header(TENANT_ID_HEADER) };
    logger.logError('Invoke Error', described, errorFields(error), scope);
    if (!header(TRACE_ID_HEADER)?.includes('Sampled=1')) return answer;
    const lines = `${answer.lines}${XRAY_CAUSE_HEADER}: ${writeErrorCause(error, mapStack)}\r\n`;
    return { ...answer, lines };
  };
}
