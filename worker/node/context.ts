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
import type { Deadlines } from './lifecycle/deadlines.ts';

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
  /** Fires at the deadline, unless the invocation has ended; made when it is read first. */
  readonly signal: AbortSignal;
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
 * Makes what makes the contexts of a worker's invocations.
 * @param info - what is the same for all
 * @param deadlines - makes the signals that handlers ask for
 * @returns makes the context of one invocation from its id, what finds its headers by their names in lower case, and
 *   the older ways to answer; throws HostError `Runtime.PlatformError` when client context or identity is no JSON
 */
export function createContextMaker(
  info: FunctionInfo,
  deadlines: Deadlines,
): (awsRequestId: string, header: HeaderLookup, callbacks: ContextCallbacks) => Context {
  // A class for the sake of its getter, which an object literal would pay for each time. Declared only, its properties
  // are written once; objects made by spreading cost every invocation a microsecond more.
  class InvocationContext implements Context {
    declare callbackWaitsForEmptyEventLoop: boolean;
    declare readonly done: ContextCallbacks['done'];
    declare readonly succeed: ContextCallbacks['succeed'];
    declare readonly fail: ContextCallbacks['fail'];
    declare readonly functionName: string | undefined;
    declare readonly functionVersion: string | undefined;
    declare readonly memoryLimitInMB: string | undefined;
    declare readonly logGroupName: string | undefined;
    declare readonly logStreamName: string | undefined;
    declare readonly invokedFunctionArn: string | undefined;
    declare readonly awsRequestId: string;
    declare readonly clientContext: unknown;
    declare readonly identity: unknown;
    declare readonly tenantId: string | undefined;
    declare readonly xRayTraceId: string | undefined;
    declare readonly getRemainingTimeInMillis: () => number;

    constructor(awsRequestId: string, header: HeaderLookup, callbacks: ContextCallbacks) {
      this.callbackWaitsForEmptyEventLoop = callbacks.callbackWaitsForEmptyEventLoop;
      this.done = callbacks.done;
      this.succeed = callbacks.succeed;
      this.fail = callbacks.fail;
      this.functionName = info.functionName;
      this.functionVersion = info.functionVersion;
      this.memoryLimitInMB = info.memoryLimitInMB;
      this.logGroupName = info.logGroupName;
      this.logStreamName = info.logStreamName;
      this.invokedFunctionArn = header(FUNCTION_ARN_HEADER);
      this.awsRequestId = awsRequestId;
      this.clientContext = parseHeader(header, CLIENT_CONTEXT_HEADER);
      this.identity = parseHeader(header, COGNITO_IDENTITY_HEADER);
      this.tenantId = header(TENANT_ID_HEADER);
      this.xRayTraceId = header(TRACE_ID_HEADER);
      const deadlineMs = Number(header(DEADLINE_HEADER));
      // By the wall clock: whether the monotonic one runs on while an environment is frozen is not certain.
      this.getRemainingTimeInMillis = () => deadlineMs - Date.now();
    }

    /** By public properties alone: wrappers of a context (proxies, heirs) have no private ones. */
    get signal(): AbortSignal {
      return deadlines.signalFor(this.awsRequestId, this.getRemainingTimeInMillis());
    }
  }
  return (awsRequestId, header, callbacks) => new InvocationContext(awsRequestId, header, callbacks);
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
