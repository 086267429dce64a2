import { randomBytes } from 'node:crypto';
import { type FunctionSettings, MACHINE_ARCH } from '../cli/function-settings.ts';

/** Keys that the function finds in its variables. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** Looks like a role's keys and opens nothing. */
export const INVENTED_CREDENTIALS: Credentials = {
  accessKeyId: 'ASIALOCALLAMBDA00000',
  secretAccessKey: 'local-lambda-secret-key-that-opens-nothing',
  sessionToken: 'local-lambda-session-token',
};

/** Of an environment in which a bootstrap is tried without the local Lambda. */
export const BARE_SETTINGS: FunctionSettings = {
  name: 'bare',
  handler: 'function.handler',
  interpreter: 'node',
  arch: MACHINE_ARCH,
  memoryMiB: 256,
  timeoutS: 60,
  environment: {},
  url: 'none',
  logFormat: 'Text',
  logLevel: 'INFO',
  concurrency: 0,
  layers: [],
  role: undefined,
};

/** Where the folders of an environment are seen by the function. */
export const TASK_ROOT = '/var/task';

/** What the platform lets a function's own variables replace. */
const REPLACEABLE: Readonly<Record<string, string>> = {
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  PATH: '/usr/local/bin:/usr/bin/:/bin:/opt/bin',
  LD_LIBRARY_PATH:
    '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
};

/**
 * The variables of an environment, all of them: what Lambda sets on `provided.*`, and nothing of the shell's.
 * `_X_AMZN_TRACE_ID` and `AWS_EXECUTION_ENV` are missing there too.
 *
 * @param settings of the function; its variables win over the replaceable ones and lose to the reserved ones
 * @param runtimeApi `host:port` of the Runtime API
 * @param logStream name that is unique to the environment
 */
export function lambdaVariables(
  settings: FunctionSettings,
  environment: {
    region: string;
    credentials: Credentials;
    runtimeApi: string;
    logStream: string;
    /** `$LATEST` unless said. */
    version?: string;
  },
): Record<string, string> {
  const { region, credentials, runtimeApi, logStream, version = '$LATEST' } = environment;
  const { sessionToken } = credentials;
  return {
    ...REPLACEABLE,
    ...settings.environment,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: settings.logFormat,
    ...(settings.logFormat === 'JSON' ? { AWS_LAMBDA_LOG_LEVEL: settings.logLevel } : {}),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup(settings.name),
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: TASK_ROOT,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: settings.handler,
    _AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1',
    _AWS_XRAY_DAEMON_PORT: '2000',
  };
}

/** The log group of a function. */
export function logGroup(name: string): string {
  return `/aws/lambda/${name}`;
}

/** A new log stream's name for a version of a function, in Lambda's form. */
export function makeLogStream(version = '$LATEST'): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}
