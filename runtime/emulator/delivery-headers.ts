import {
  CLIENT_CONTEXT_HEADER,
  COGNITO_IDENTITY_HEADER,
  DEADLINE_HEADER,
  FUNCTION_ARN_HEADER,
  INVOCATION_ID_HEADER,
  REQUEST_ID_HEADER,
  TENANT_ID_HEADER,
  TRACE_ID_HEADER,
} from '../lambda-api/names.ts';
import type { Invocation } from './invocation.ts';

/**
 * The headers of an event on its way to the runtime; those without a value are left out, as on the platform.
 *
 * @param nonce of this delivery
 * @param deadlineMs milliseconds since the epoch
 */
export function deliveryHeaders(
  invocation: Invocation,
  nonce: string,
  deadlineMs: number,
): Record<string, string> {
  const { clientContext, cognitoIdentity, tenantId } = invocation;
  return {
    'content-type': 'application/json',
    [REQUEST_ID_HEADER]: invocation.requestId,
    [DEADLINE_HEADER]: String(deadlineMs),
    [FUNCTION_ARN_HEADER]: invocation.arn,
    [TRACE_ID_HEADER]: invocation.traceId,
    [INVOCATION_ID_HEADER]: nonce,
    ...(clientContext === undefined ? {} : { [CLIENT_CONTEXT_HEADER]: headerBytes(clientContext) }),
    ...(cognitoIdentity === undefined ? {} : { [COGNITO_IDENTITY_HEADER]: headerBytes(cognitoIdentity) }),
    ...(tenantId === undefined ? {} : { [TENANT_ID_HEADER]: tenantId }),
  };
}

/** The platform sends UTF-8 as it is; Node writes header values as Latin-1, a byte a character. */
function headerBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
