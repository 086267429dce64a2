/**
 * The program inside a Node worker: reads one go line, loads the function, serves its invocations. The contract with
 * the bootstrap is in `worker/protocol.ts`.
 */
import { type FunctionError, type GoLine, type LookWindow, SHUTDOWN_PATH } from '../protocol.ts';
import { createContextMaker, readFunctionInfo } from './context.ts';
import { openToLooks } from './deadline/open-to-looks.ts';
import { describeError, errorFields, HostError, type MapStack } from './errors.ts';
import { prepareFatalReport } from './fatal-report.ts';
import { readServeSettings } from './function-kind.ts';
import { readGoLine } from './go-line.ts';
import { createInvoker, type Invoker } from './invoke.ts';
import { offerLastWords } from './last-words.ts';
import { Deadlines } from './lifecycle/deadlines.ts';
import { offerHooks } from './lifecycle/hooks.ts';
import { createLifecycle, type Lifecycle } from './lifecycle/lifecycle.ts';
import { writeInitError, writeReady } from './lines.ts';
import { loadHandler, locateHandler } from './load-handler.ts';
import { createScopes } from './logging/invocation-scope.ts';
import { createLogger } from './logging/logger.ts';
import { patchConsole } from './logging/patch-console.ts';
import { createRehearsals } from './rehearsal.ts';
import { rehearseAhead } from './rehearse-ahead.ts';
import { createRoutes } from './routes.ts';
import { createHostServer, type HostServer, loadAhead } from './server.ts';
import { createStackMapper } from './stack-map.ts';
import { takeStdin } from './stdin.ts';
import { defineAwslambda } from './stream/awslambda.ts';

/** Taken before user code runs, which may replace the global. */
const defer = setImmediate;
const INIT_FAILED_STATUS = 1;
/** Those of Lambda's own Node runtime. */
const UNHANDLED_REJECTION_STATUS = 128;
const UNCAUGHT_EXCEPTION_STATUS = 129;

/** What this process is at; each part is there once it was made. */
interface HostState {
  mapStack?: MapStack;
  serving?: { readonly invoker: Invoker; readonly server: HostServer; readonly lifecycle: Lifecycle };
  isEnding: boolean;
}

async function main(state: HostState): Promise<void> {
  const stdin = takeStdin();
  const goLine = readGoLine(stdin);
  loadAhead();
  const placeReport = prepareFatalReport();
  patchConsole(logger);
  // After what has come was read: who is waited for does not wait.
  const rehearsing = defer(rehearse);
  const go = await goLine;
  clearImmediate(rehearsing);
  if (go === undefined) process.exit(0);
  stdin.once('close', () => process.exit(0));
  stdin.unref();
  placeReport(go.socket);
  offerLastWords(logger);
  watchFaults(state);
  watchEmptyLoop(state);
  const { lifecycle } = await serve(state, go);
  writeReady(lifecycle.watch());
}

function rehearse(): void {
  rehearseAhead({ ...createSurroundings(), mapStack: (stack) => stack });
}

/** What invocations run in, but for what is the function's. */
function createSurroundings() {
  const environment = process.env;
  const deadlines = new Deadlines();
  const createContext = createContextMaker(readFunctionInfo(environment), deadlines);
  return { deadlines, createContext, environment, concurrent, logger };
}

async function serve(state: HostState, go: GoLine): Promise<NonNullable<HostState['serving']>> {
  const place = locateHandler(go.folder, go.handler);
  const mapStack = createStackMapper(place.file);
  state.mapStack = mapStack;
  defineAwslambda(process.env);
  const hooks = offerHooks(globalThis, go.parts);
  const readAwaits = go.asyncTrace ? await traceAwaits() : undefined;
  const handler = await loadHandler(place, {
    ...readServeSettings(process.env),
    environment: process.env,
    isAhead: go.isAhead === true,
    serverSocketPath: `${go.socket}.http`,
  });
  openToLooks({ socket: go.socket, file: place.file, handler, readAwaits, currentId });
  const options = { ...createSurroundings(), handler, mapStack, scopes };
  const invoker = createInvoker(options);
  const lifecycle = createLifecycle({ hooks, mapStack, log: logHookError, letGo: () => server.letGo() });
  const accept = createRoutes(go.token, invoker, () => state.isEnding, runStep, createRehearsals(options));
  const server = createHostServer({ accept, yieldsLoop: !concurrent });
  await server.listen(go.socket);
  state.serving = { invoker, server, lifecycle };
  return state.serving;

  function runStep(path: string) {
    const answer = lifecycle.run(path);
    // One turn after the answer was written. Invocations past their deadline, which may never end, are not waited for.
    if (path === SHUTDOWN_PATH) void answer.then(() => defer(() => process.exit(0)));
    return answer;
  }
}

async function traceAwaits(): Promise<LookWindow['readAwaits']> {
  const { startAwaitTrace } = await import('./deadline/await-trace.ts');
  return startAwaitTrace(process.env.PILOTLIGHT_ASYNC_TRACE === 'on', currentId);
}

/** After an uncaught exception the process is in no known state: what runs gets the error, then it ends. */
function watchFaults(state: HostState): void {
  const end = (title: string, error: unknown, status: number): void => {
    if (state.serving === undefined) failInit(state, error);
    if (state.isEnding) return;
    state.isEnding = true;
    const { invoker, server } = state.serving;
    // Without an invocation to answer, the log is all that is left to tell what happened.
    if (!invoker.abort(error)) logError(title, error, state.mapStack);
    void server.drained().then(() => process.exit(status));
  };
  process.on('uncaughtException', (error) => end('Uncaught Exception', error, UNCAUGHT_EXCEPTION_STATUS));
  process.on('unhandledRejection', (reason) =>
    end('Unhandled Promise Rejection', unhandledRejection(reason), UNHANDLED_REJECTION_STATUS),
  );
}

function watchEmptyLoop(state: HostState): void {
  process.on('beforeExit', () => {
    if (state.serving === undefined) failInit(state, loadNeverEnds());
    state.serving.invoker.endByEmptyLoop();
    state.serving.lifecycle.endByEmptyLoop();
  });
}

function logError(title: string, error: unknown, mapStack: MapStack | undefined): void {
  logger.logError(title, describeError(error, mapStack), errorFields(error), scopes.current());
}

function logHookError(error: FunctionError): void {
  logger.logError('Hook Error', error, {}, scopes.current());
}

function failInit(state: HostState, error: unknown): never {
  logError('Init Error', error, state.mapStack);
  writeInitError(describeError(error, state.mapStack));
  process.exit(INIT_FAILED_STATUS);
}

function unhandledRejection(reason: unknown): HostError {
  const { errorType, errorMessage } = describeError(reason);
  return new HostError('Runtime.UnhandledPromiseRejection', `${errorType}: ${errorMessage}`, {
    cause: reason,
  });
}

function loadNeverEnds(): HostError {
  return new HostError(
    'Runtime.NodeJsExit',
    'Cannot load the function: its top-level await is pending and nothing is left in the event loop that could settle it',
  );
}

const concurrent = process.env.AWS_LAMBDA_MAX_CONCURRENCY !== undefined;
const scopes = createScopes(concurrent);
const currentId = () => scopes.current()?.requestId;
const logger = createLogger(process.env, scopes);
const state: HostState = { isEnding: false };
main(state).catch((error) => failInit(state, error));
