/**
 * Paths, headers and limits of the Lambda Runtime API, the only thing that the bootstrap's side and the local
 * Lambda's side share. Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
 */
export const RUNTIME_API_VERSION = '/2018-06-01';
export const NEXT_PATH = `${RUNTIME_API_VERSION}/runtime/invocation/next`;
export const INVOCATION_PATH = `${RUNTIME_API_VERSION}/runtime/invocation/`;
export const INIT_ERROR_PATH = `${RUNTIME_API_VERSION}/runtime/init/error`;

/** Header names in lower case, as Node gives them; on the wire they compare without case. */
export const REQUEST_ID_HEADER = 'lambda-runtime-aws-request-id';
export const DEADLINE_HEADER = 'lambda-runtime-deadline-ms';
export const FUNCTION_ARN_HEADER = 'lambda-runtime-invoked-function-arn';
export const TRACE_ID_HEADER = 'lambda-runtime-trace-id';
export const CLIENT_CONTEXT_HEADER = 'lambda-runtime-client-context';
export const COGNITO_IDENTITY_HEADER = 'lambda-runtime-cognito-identity';
export const TENANT_ID_HEADER = 'lambda-runtime-aws-tenant-id';
/** A nonce for each delivery, echoed with the answer when it was received: a late answer then gets 410. */
export const INVOCATION_ID_HEADER = 'lambda-runtime-invocation-id';
export const ERROR_TYPE_HEADER = 'lambda-runtime-function-error-type';
export const XRAY_CAUSE_HEADER = 'lambda-runtime-function-xray-error-cause';
export const RESPONSE_MODE_HEADER = 'lambda-runtime-function-response-mode';
/** A trailer of a stream that failed: the error's JSON in base64. */
export const ERROR_BODY_HEADER = 'lambda-runtime-function-error-body';

/** Largest buffered result in bytes: 6 MiB and 100. */
export const MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;
