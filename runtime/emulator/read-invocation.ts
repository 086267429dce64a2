import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionDirectory } from './function-directory.ts';
import { type FunctionName, parseFunctionName } from './function-name.ts';
import type { Invocation } from './invocation.ts';
import {
  type InvocationType,
  MAX_SYNC_EVENT_BYTES,
  parseEvent,
  parseInvokeHeaders,
  requireEventSize,
} from './invoke-request.ts';
import { readBody } from './read-body.ts';
import { makeTraceId } from './trace-id.ts';

/** One request with what is known of it before it is routed. */
export interface Exchange {
  readonly requestId: string;
  readonly qualifier: string | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A call of a function, ready to run. */
export interface ReadInvocation {
  readonly name: FunctionName;
  readonly type: InvocationType;
  readonly wantsTail: boolean;
  readonly invocation: Invocation;
}

/**
 * Reads a call of a function as the Lambda API does, and checks it.
 *
 * @param segment the function as the path names it
 * @param forcedType where the operation itself says how the function is invoked
 * @throws {ServiceError} what the Lambda API refuses it with
 */
export async function readInvocation(
  functions: FunctionDirectory,
  segment: string,
  { requestId, qualifier, request }: Exchange,
  forcedType?: InvocationType,
): Promise<ReadInvocation> {
  const name = parseFunctionName(segment, qualifier);
  functions.find(name, '$LATEST');
  const headers = parseInvokeHeaders((header) => single(request.headers[header]));
  const type = forcedType ?? headers.type;
  const { body, bytes } = await readBody(request, MAX_SYNC_EVENT_BYTES);
  requireEventSize(bytes, type);
  const invocation: Invocation = {
    requestId,
    arn: functions.arnOf(name),
    event: parseEvent(body ?? Buffer.alloc(0)),
    traceId: makeTraceId(single(request.headers['x-amzn-trace-id'])),
    clientContext: headers.clientContext,
    tenantId: headers.tenantId,
    cognitoIdentity: undefined,
  };
  return { name, type, wantsTail: headers.wantsTail, invocation };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
