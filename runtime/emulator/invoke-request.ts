import { ServiceError } from './service-error.ts';

const INVOCATION_TYPES = ['RequestResponse', 'Event', 'DryRun'] as const;
const LOG_TYPES = ['None', 'Tail'] as const;
/** Limits of AWS in bytes: an event for a waiting caller, and one that is queued. */
export const MAX_SYNC_EVENT_BYTES = 6 * 1024 * 1024;
export const MAX_ASYNC_EVENT_BYTES = 1024 * 1024;
const MAX_CLIENT_CONTEXT_LENGTH = 3583;
const TENANT_ID = /^[a-zA-Z0-9._:/=+\-@ ]{1,256}$/;

export type InvocationType = (typeof INVOCATION_TYPES)[number];

/** What an invocation's headers say. */
export interface InvokeHeaders {
  readonly type: InvocationType;
  readonly wantsTail: boolean;
  /** JSON text. */
  readonly clientContext: string | undefined;
  readonly tenantId: string | undefined;
}

/**
 * Reads the headers of an invocation.
 *
 * @param header gives a header's value by its name in lower case
 * @throws {ServiceError} for values that AWS refuses
 */
export function parseInvokeHeaders(header: (name: string) => string | undefined): InvokeHeaders {
  const type = oneOf('invocationType', INVOCATION_TYPES, header('x-amz-invocation-type'));
  const tenantId = header('x-amz-tenant-id');
  if (tenantId !== undefined && !TENANT_ID.test(tenantId)) {
    throw new ServiceError('InvalidParameterValueException', `Tenant id "${tenantId}" is not valid`);
  }
  const clientContext = header('x-amz-client-context');
  return {
    type,
    wantsTail: oneOf('logType', LOG_TYPES, header('x-amz-log-type')) === 'Tail',
    clientContext:
      clientContext === undefined || type !== 'RequestResponse' ? undefined : decodeContext(clientContext),
    tenantId,
  };
}

/**
 * Checks an event as the Lambda API does before any function sees it.
 *
 * @param event the body as it was sent
 * @returns the event to deliver: the same bytes, or `{}` where none were sent. That is what callers without a payload
 *   are reported to cause on AWS, and nothing at all would fail the JSON parser of nearly every runtime
 * @throws {ServiceError} `InvalidRequestContentException` when it is not JSON
 */
export function parseEvent(event: Uint8Array): Uint8Array {
  if (event.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(event));
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
    );
  }
  return event;
}

/**
 * Fails when an event is too large, with the words of AWS.
 *
 * @throws {ServiceError} `RequestTooLargeException`
 */
export function requireEventSize(bytes: number, type: InvocationType): void {
  if (type === 'Event' && bytes > MAX_ASYNC_EVENT_BYTES) {
    throw new ServiceError(
      'RequestTooLargeException',
      `${bytes} byte payload is too large for the Event invocation type (limit ${MAX_ASYNC_EVENT_BYTES} bytes)`,
    );
  }
  if (bytes > MAX_SYNC_EVENT_BYTES) {
    throw new ServiceError(
      'RequestTooLargeException',
      `Request must be smaller than ${MAX_SYNC_EVENT_BYTES} bytes for the InvokeFunction operation`,
    );
  }
}

/** Decodes a client context and writes it anew, since a line break in it could not be sent as a header. */
function decodeContext(base64: string): string {
  if (base64.length > MAX_CLIENT_CONTEXT_LENGTH) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Client context must be no longer than ${MAX_CLIENT_CONTEXT_LENGTH} bytes`,
    );
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    if (typeof value === 'object' && value !== null)
      return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
  } catch {
    // Falls through to the one error for all that is not a JSON object.
  }
  throw new ServiceError(
    'InvalidRequestContentException',
    'Client context must be a valid Base64-encoded JSON object.',
  );
}

function oneOf<const Values extends readonly [string, ...string[]]>(
  name: string,
  values: Values,
  value: string | undefined,
): Values[number] {
  if (value === undefined) return values[0];
  if (values.includes(value)) return value;
  throw new ServiceError(
    'InvalidParameterValueException',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
  );
}
