import type { Context } from '../context.ts';
import { fieldsOf } from '../web/event-fields.ts';
import type { HeaderField } from '../web/http-request.ts';

/**
 * Makes the headers in which a server finds what Lambda knows of the request, named and filled as AWS's Lambda Web
 * Adapter does. They go over whatever the client sent under these names.
 * @param event - the event
 * @param context - the invocation's
 * @returns the headers
 */
export function lambdaContextHeaders(event: unknown, context: Context): HeaderField[] {
  const { requestContext } = fieldsOf(event);
  const described = {
    request_id: context.awsRequestId,
    deadline: Date.now() + context.getRemainingTimeInMillis(),
    invoked_function_arn: context.invokedFunctionArn,
    xray_trace_id: context.xRayTraceId ?? null,
    client_context: context.clientContext ?? null,
    identity: context.identity ?? null,
    env_config: {
      function_name: context.functionName,
      memory: Number(context.memoryLimitInMB),
      version: context.functionVersion,
      log_stream: context.logStreamName ?? '',
      log_group: context.logGroupName ?? '',
    },
  };
  const fields: (HeaderField | undefined)[] = [
    requestContext === undefined ? undefined : ['x-amzn-request-context', headerJson(requestContext)],
    ['x-amzn-lambda-context', headerJson(described)],
    context.tenantId === undefined ? undefined : ['x-amz-tenant-id', context.tenantId],
  ];
  return fields.filter((field) => field !== undefined);
}

/** JSON in which everything beyond ASCII is escaped: not all servers read headers alike. */
function headerJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Names that only the runtime may fill. */
export const LAMBDA_CONTEXT_HEADERS: ReadonlySet<string> = new Set([
  'x-amzn-request-context',
  'x-amzn-lambda-context',
  'x-amz-tenant-id',
]);
