/** Where the contract is written down; named as a reader finds it. */
const RIE = 'aws/aws-lambda-runtime-interface-emulator internal/lambda';

export const RUNTIME_API = 'AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes"';
export const CUSTOM_RUNTIME = 'AWS Lambda Developer Guide, "Building a custom runtime for AWS Lambda"';
export const VARIABLES = 'AWS Lambda Developer Guide, "Working with Lambda environment variables"';
export const LIFECYCLE =
  'AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle"';
export const MANAGED_INSTANCES = 'AWS Lambda Developer Guide, "Lambda Managed Instances runtimes"';
export const STREAMING = 'AWS Lambda Developer Guide, "Response streaming for Lambda functions"';
export const LOGS = 'AWS Lambda Developer Guide, "Working with Lambda function logs"';
export const LOG_FORMATS = 'AWS Lambda Developer Guide, "Configuring JSON and plain text log formats"';
export const LOG_LEVELS = 'AWS Lambda Developer Guide, "Log-level filtering"';
export const EXTENSIONS =
  'AWS Lambda Developer Guide, "Using the Lambda Extensions API to create extensions"';
export const SNAPSHOTS = 'AWS Lambda Developer Guide, "Implementing SnapStart hooks for container images"';
export const LOG_FRAMES =
  'aws/aws-lambda-python-runtime-interface-client awslambdaric/bootstrap.py, FramedTelemetryLogSink';
export const STATES = `${RIE}/core/states.go`;
export const RENDERING = `${RIE}/rapi/rendering`;
export const HANDLERS = `${RIE}/rapi/handler`;
export const FATAL_ERROR = `${RIE}/fatalerror/fatalerror.go`;
export const RELEASE = `${RIE}/appctx/appctxutil.go`;
export const DIRECT_INVOKE = `${RIE}/core/directinvoke`;
export const HTTP = 'RFC 9112, "HTTP/1.1"';
export const JSON_TEXT = 'RFC 8259, "The JavaScript Object Notation Data Interchange Format"';
export const NONCE = 'aws/aws-lambda-rust-runtime pull request 1159';
