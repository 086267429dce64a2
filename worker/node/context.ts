import type { ContextCallbacks } from './adapters/callback.ts';
import { HostError } from './errors.ts';
import {
  CLIENT_CONTEXT_HEADER,
  COGNITO_IDENTITY_HEADER,
  DEADLINE_HEADER,
  FUNCTION_ARN_HEADER,
  TENANT_ID_HEADER,
  TRACE_ID_HEADER,
} from './lambda-headers.ts';

/** What stays the same for all invocations of a worker. */
export interface FunctionInfo {
  readonly functionName: string | undefined;
  readonly functionVersion: string | undefined;
  /** A string, as on Lambda. */
  readonly memoryLimitInMB: string | undefined;
  readonly logGroupName: string | undefined;
  readonly logStreamName: string | undefined;
}

/** A handler's second argument. */
export interface Context extends FunctionInfo, ContextCallbacks {
  readonly invokedFunctionArn: string | undefined;
  readonly awsRequestId: string;
  readonly clientContext: unknown;
  readonly identity: unknown;
  readonly tenantId: string | undefined;
  readonly xRayTraceId: string | undefined;
  getRemainingTimeInMillis(): number;
}

export type HeaderLookup = (name: string) => string | undefined;

/**
 * Reads what the environment's variables say about the function.
 * @param environment - the process's variables
 * @returns the part of the context that never changes
 */
export function readFunctionInfo(environment: NodeJS.ProcessEnv): FunctionInfo {
  return {
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

/**
 * Makes the context of one invocation.
 * @param info - what is the same for all
 * @param awsRequestId - the invocation's id
 * @param header - finds a header of the invocation by its name in lower case
 * @param callbacks - the older ways to answer
 * @returns the context
 * @throws HostError `Runtime.PlatformError` when client context or identity is no JSON
 */
export function createContext(
  info: FunctionInfo,
  awsRequestId: string,
  header: HeaderLookup,
  callbacks: ContextCallbacks,
): Context {
  const deadlineMs = Number(header(DEADLINE_HEADER));
  // Spelled out: objects made by spreading or assigning cost every invocation a microsecond more.
  return {
    callbackWaitsForEmptyEventLoop: callbacks.callbackWaitsForEmptyEventLoop,
    done: callbacks.done,
    succeed: callbacks.succeed,
    fail: callbacks.fail,
    functionName: info.functionName,
    functionVersion: info.functionVersion,
    memoryLimitInMB: info.memoryLimitInMB,
    logGroupName: info.logGroupName,
    logStreamName: info.logStreamName,
    invokedFunctionArn: header(FUNCTION_ARN_HEADER),
    awsRequestId,
    clientContext: parseHeader(header, CLIENT_CONTEXT_HEADER),
    identity: parseHeader(header, COGNITO_IDENTITY_HEADER),
    tenantId: header(TENANT_ID_HEADER),
    xRayTraceId: header(TRACE_ID_HEADER),
    // By the wall clock: whether the monotonic one runs on while an environment is frozen is not certain.
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

/** An empty value counts as absent: some platforms send every header. */
function parseHeader(header: HeaderLookup, name: string): unknown {
  const text = header(name);
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HostError('Runtime.PlatformError', `Cannot read header "${name}": "${text}" is no JSON`, {
      cause,
    });
  }
}
