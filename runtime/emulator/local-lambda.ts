import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { chooseMemoryMeter } from './choose-memory-meter.ts';
import { LogStore } from './cloudwatch/log-store.ts';
import { CodeStore } from './control/code-store.ts';
import type { Control } from './control/control.ts';
import { LayerStore } from './control/layer-store.ts';
import type { OnReplaced } from './control/replacement.ts';
import { type SwapResult, swapLocal } from './control/swap-local.ts';
import { Deployer } from './deploy.ts';
import { deployFunctions, openUrls } from './deploy-functions.ts';
import { INIT_LIMIT_MS } from './environment.ts';
import type { FaultInjector } from './faults/fault-injector.ts';
import { FunctionDirectory } from './function-directory.ts';
import { parseFunctionName } from './function-name.ts';
import { FunctionUrls } from './function-url/function-urls.ts';
import type { Answer, AnswerStream, Report } from './invocation.ts';
import { parseEvent, requireEventSize } from './invoke-request.ts';
import { createInvokeRoutes } from './invoke-routes.ts';
import { type Credentials, INVENTED_CREDENTIALS } from './lambda-variables.ts';
import { listen } from './listen.ts';
import type { LocalFunction } from './local-function.ts';
import { chooseIsolation } from './sandbox/isolation.ts';
import type { Isolation, IsolationName } from './sandbox/sandbox.ts';
import { makeTraceId } from './trace-id.ts';
import { makeWorkFolder } from './work-folder.ts';

/** Headers and request line of an invocation may hold a megabyte together. */
const MAX_HEADER_BYTES = 1024 * 1024;
const DEFAULT_IDLE_MS = 300_000;

/** What a local Lambda runs, and how. */
export interface LocalLambdaOptions {
  readonly functions: readonly LocalFunction[];
  /** Port of the Lambda API on 127.0.0.1; 0, the default, takes any. */
  readonly port?: number;
  /** Port of the first function URL, the others count up; 0, the default, takes any. */
  readonly urlPort?: number;
  readonly isolation?: IsolationName | 'auto';
  /** Whether the kernel holds environments to their memory, where it can; yes unless said. */
  readonly cgroups?: boolean;
  /** For each function; two a core unless said. */
  readonly maxEnvironments?: number;
  /** How long an environment stays without an invocation, in milliseconds. */
  readonly idleMs?: number;
  readonly region?: string;
  readonly credentials?: Credentials;
  /** How long the first init of an environment may take, in milliseconds. */
  readonly initLimitMs?: number;
  /** Port of the worker's debugger; lifts every deadline. */
  readonly inspectPort?: number | undefined;
  /** Whether idle environments are stopped, as on Lambda; off unless said. A debugger keeps them running. */
  readonly freeze?: boolean;
  /** Has things go wrong on purpose. */
  readonly faults?: FaultInjector | undefined;
  /** Chooses between the versions of an alias, from 0 up to 1; at random unless said. */
  readonly draw?: () => number;
  /** Takes the log, line by line. */
  readonly log?: (line: string, functionName: string) => void;
  /** Told of each update that clients ask for. */
  readonly onReplaced?: OnReplaced;
  /** Stops the start; what runs already is ended by `stop()`. */
  readonly signal?: AbortSignal;
}

/** What an invocation may carry besides its event. */
export interface InvokeOptions {
  /** JSON text. */
  readonly clientContext?: string;
  /** JSON text with `cognitoIdentityId` and `cognitoIdentityPoolId`. */
  readonly cognitoIdentity?: string;
  readonly tenantId?: string;
  /** The caller's `X-Amzn-Trace-Id`. */
  readonly traceId?: string;
  /** Takes a streamed answer as it comes; the result's payload is then what did not go through it. */
  readonly stream?: AnswerStream | undefined;
}

/** Answer and figures of an invocation. */
export interface InvokeResult extends Answer, Report {
  /** From the call to the answer, in milliseconds. */
  readonly elapsedMs: number;
}

/** A local Lambda that runs. */
export interface LocalLambda {
  /** Address of the Lambda API, without a slash at the end. */
  readonly url: string;
  /** Addresses of the functions that have a URL of their own, by name, with a slash at the end. */
  readonly urls: Readonly<Record<string, string>>;
  readonly isolation: Isolation;
  /** How environments are held to their memory, and why so. */
  readonly memory: string;
  /**
   * Invokes a function and waits until its environment is free again.
   *
   * @param name the function's name or ARN
   * @param event its bytes or its JSON text
   * @throws {ServiceError} what the Lambda API would have answered, such as `ResourceNotFoundException`
   */
  invoke(name: string, event: Uint8Array | string, options?: InvokeOptions): Promise<InvokeResult>;
  /**
   * Makes a function what it is now, as `UpdateFunctionCode` does: what was there serves until that has initialised.
   *
   * @param fn with the name of a function that runs
   * @param before what its sources were when they were last swapped in
   * @param withdrawal takes it back while it is under way
   */
  swap(fn: LocalFunction, before: LocalFunction, withdrawal: AbortSignal): Promise<SwapResult>;
  /** Ends every process, closes every port and removes every file. */
  stop(): Promise<void>;
}

/**
 * Starts a local Lambda: unpacks the parts of its functions and serves the Lambda API.
 *
 * @throws {ToolError} `USAGE` for two functions of one name, `CANNOT` when the port is taken or the isolation not to be had
 */
export async function startLocalLambda(options: LocalLambdaOptions): Promise<LocalLambda> {
  const { functions, port = 0, urlPort = 0, region = 'us-east-1', log = () => {} } = options;
  const isolation = await chooseIsolation(options.isolation ?? 'auto');
  options.faults?.requireIsolation(isolation.name);
  const work = await makeWorkFolder();
  try {
    const memory = await chooseMemoryMeter(work.path, options.cgroups !== false);
    const logs = new LogStore();
    const deployer = new Deployer(work, {
      maxEnvironments: options.maxEnvironments ?? 2 * availableParallelism(),
      idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
      shared: {
        region,
        credentials: options.credentials ?? INVENTED_CREDENTIALS,
        isolation: isolation.name,
        makeMemoryMeter: memory.make,
        initLimitMs: options.initLimitMs ?? INIT_LIMIT_MS,
        inspectPort: options.inspectPort,
        freeze: options.freeze === true && options.inspectPort === undefined,
        faults: options.faults,
      },
      log: (line, functionName, stream) => {
        logs.add(functionName, stream, line);
        log(line, functionName);
      },
      signal: options.signal ?? new AbortController().signal,
    });
    const directory = new FunctionDirectory(region, options.draw ?? Math.random);
    const urls = new FunctionUrls(directory, { port: urlPort, log });
    const control: Control = {
      functions: directory,
      deployer,
      codes: new CodeStore(work),
      layers: new LayerStore(region, work),
      urls,
      logs,
      onReplaced: options.onReplaced ?? (() => {}),
    };
    await deployFunctions(functions, control);
    const server = createServer(
      // Without a limit, lest a client's pooled connection be closed at the moment of its next call.
      { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 0 },
      createInvokeRoutes(control),
    );
    const url = await listen(server, port, 'port');
    await openUrls(functions, urls).catch(async (error: unknown) => {
      server.close();
      await urls.stop();
      throw error;
    });
    const stop = async () => {
      const closed = once(server, 'close');
      server.close();
      options.faults?.stop();
      await deployer.stop();
      await Promise.all(directory.list().map(({ settled }) => settled));
      server.closeAllConnections();
      await Promise.all([closed, urls.stop(), control.codes.settled()]);
      await work.remove();
    };
    let stopped: Promise<void> | undefined;
    return {
      url,
      get urls() {
        return urls.addresses;
      },
      isolation,
      memory: memory.reason,
      invoke: (name, event, invokeOptions = {}) => invoke(directory, name, event, invokeOptions),
      swap: (fn, before, withdrawal) => swapLocal(fn, before, control, withdrawal),
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await work.remove();
    throw error;
  }
}

async function invoke(
  directory: FunctionDirectory,
  nameOrArn: string,
  event: Uint8Array | string,
  options: InvokeOptions,
): Promise<InvokeResult> {
  const startMs = performance.now();
  const name = parseFunctionName(nameOrArn, undefined);
  directory.find(name, '$LATEST');
  const bytes = Buffer.from(event);
  requireEventSize(bytes.length, 'RequestResponse');
  const { answered, finished } = directory.run(name, {
    requestId: randomUUID(),
    arn: directory.arnOf(name),
    event: parseEvent(bytes),
    traceId: makeTraceId(options.traceId),
    clientContext: options.clientContext,
    cognitoIdentity: options.cognitoIdentity,
    tenantId: options.tenantId,
    stream: options.stream,
  });
  const answer = await answered;
  const elapsedMs = performance.now() - startMs;
  return { ...answer, ...(await finished), elapsedMs };
}
