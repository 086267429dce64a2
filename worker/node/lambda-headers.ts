/** Headers of the Lambda Runtime API that a host reads and writes, in lower case. */
export const DEADLINE_HEADER = 'lambda-runtime-deadline-ms';
export const FUNCTION_ARN_HEADER = 'lambda-runtime-invoked-function-arn';
export const TRACE_ID_HEADER = 'lambda-runtime-trace-id';
export const CLIENT_CONTEXT_HEADER = 'lambda-runtime-client-context';
export const COGNITO_IDENTITY_HEADER = 'lambda-runtime-cognito-identity';
export const TENANT_ID_HEADER = 'lambda-runtime-aws-tenant-id';
export const XRAY_CAUSE_HEADER = 'lambda-runtime-function-xray-error-cause';
export const ERROR_TYPE_HEADER = 'lambda-runtime-function-error-type';
export const RESPONSE_MODE_HEADER = 'lambda-runtime-function-response-mode';
/** Of results and errors that are JSON, with its line end. */
export const JSON_TYPE_LINE = 'content-type: application/json\r\n';
