import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeadlineSettings } from './deadline/deadline-plan.ts';
import { PilotlightError } from './errors.ts';
import { heapLimits } from './heap-limits.ts';
import { isLogLevel } from './log.ts';
import type { WearLimits } from './supervisor/wear.ts';

/** Below the 1,024 descriptors that a process has on Lambda. */
const MAX_CONNECTIONS = 900;
/** Values of `AWS_LAMBDA_INITIALIZATION_TYPE`; of the other, `on-demand`, a caller waits for the init. */
const INITIALIZED_AHEAD: readonly (string | undefined)[] = [
  'provisioned-concurrency',
  'snap-start',
  'lambda-managed-instances',
];

/** An environment's variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the environment's variables say, read once. Names and defaults: README, "Variables". */
export interface Settings {
  /** The function's files, `/var/task` on Lambda. */
  readonly taskRoot: string;
  /** Where the layers lie, `/opt` on Lambda: found from where the bootstrap itself lies. */
  readonly layersRoot: string;
  /** The folder in which `pilotlight/` is made. */
  readonly tmpFolder: string;
  readonly handler: string;
  /** Name of the interpreter that hosts the function; unset, it follows from the bundle. */
  readonly interpreter: string | undefined;
  /** How long a worker lives: the environment's life, or one invocation, for which it waits, or is started. */
  readonly mode: 'persistent' | 'spare' | 'process';
  /** Where a program writes its result. */
  readonly result: 'descriptor' | 'stdout';
  /** Whether a program's output is passed on as it comes. */
  readonly streams: boolean;
  /** Whether events may overlap, and code runs on past its deadline: Managed Instances. */
  readonly isConcurrent: boolean;
  /** Invocations at once. */
  readonly maxConcurrency: number;
  /** The most connections to one server: overdue invocations keep theirs beside those of the pollers. */
  readonly connections: number;
  /** Workers that share the pollers, never more than these. */
  readonly workers: number;
  /** Whether to register as an extension, so that Lambda tells of the end: `auto` when the function has a hook for it. */
  readonly shutdown: 'auto' | 'on' | 'off';
  /** Whether Lambda takes a snapshot of the environment before its first event. */
  readonly isSnapshot: boolean;
  /** Whether the environment is initialised before an event asks for it, so that no caller waits for its init. */
  readonly isAhead: boolean;
  /** The limits of the worker's heap. */
  readonly heapMiB: number;
  readonly semiSpaceMiB: number;
  /** When a worker is replaced between invocations; `undefined`: never. */
  readonly wearLimits: WearLimits | undefined;
  /** How long a worker's shutdown may take until SIGKILL. */
  readonly stopGraceMs: number;
  /** When an invocation whose deadline comes near is looked at, and given up. */
  readonly deadline: DeadlineSettings;
  /** Whether workers keep book of each `await`, for the reports of deadlines. */
  readonly asyncTrace: boolean;
  /** Port on loopback of the worker's debugger. */
  readonly inspectPort: number | undefined;
  /** A program of the user's that starts the worker's command. */
  readonly execWrapper: string | undefined;
  readonly exposeRuntimeApi: boolean;
  /** What the worker may do, where it is restricted: `read=PATH,net,…`, or `none`. */
  readonly permissions: string | undefined;
  /** How the files of the parts are compared with those that were built: the few that the init runs, all, or none. */
  readonly verify: 'quick' | 'full' | 'off';
  /** Who speaks HTTP: our own framing, or undici. */
  readonly http: 'native' | 'undici';
  /** The worker that `bootstrap.sh` started, to be used when it is the right one. */
  readonly launched: LaunchedWorker | undefined;
  /** Whether the next poll goes out in the same write as an answer. */
  readonly pipeline: boolean;
  /** File that gets the times at which each invocation passed the bootstrap, for the benchmark. */
  readonly stampsFile: string | undefined;
  /** All variables as they came, for the worker. */
  readonly variables: Variables;
}

/** A worker that waits for its go line, with this side's ends of its pipes. */
export interface LaunchedWorker {
  /** Name of its interpreter. */
  readonly name: string;
  readonly pid: number;
  /** Descriptors: its standard input, its lines, its standard error. */
  readonly input: number;
  readonly lines: number;
  readonly errors: number;
}

/**
 * Reads the settings.
 *
 * @param variables the environment's variables
 * @param bootstrapFile path of the bootstrap's bundle, `/opt/pilotlight/bootstrap.cjs` on Lambda
 * @throws {PilotlightError} `SETTING_INVALID` for a value that cannot be used, naming the variable
 */
export function readSettings(variables: Variables, bootstrapFile: string): Settings {
  const memoryMiB = wholeNumber(variables, 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 128);
  const level = variables.PILOTLIGHT_LOG ?? 'warn';
  if (!isLogLevel(level)) throw invalid('PILOTLIGHT_LOG', level, 'error, warn, info or debug');
  const mode = variables.PILOTLIGHT_MODE || 'persistent';
  if (mode !== 'persistent' && mode !== 'spare' && mode !== 'process')
    throw invalid('PILOTLIGHT_MODE', mode, 'persistent, spare or process');
  const result = variables.PILOTLIGHT_RESULT || 'descriptor';
  if (result !== 'descriptor' && result !== 'stdout')
    throw invalid('PILOTLIGHT_RESULT', result, 'descriptor or stdout');
  const http = variables.PILOTLIGHT_HTTP || 'native';
  if (http !== 'native' && http !== 'undici') throw invalid('PILOTLIGHT_HTTP', http, 'native or undici');
  const verify = variables.PILOTLIGHT_VERIFY || 'quick';
  if (verify !== 'quick' && verify !== 'full' && verify !== 'off')
    throw invalid('PILOTLIGHT_VERIFY', verify, 'quick, full or off');
  const launch = variables.PILOTLIGHT_LAUNCH || 'overlap';
  if (launch !== 'overlap' && launch !== 'node')
    throw invalid('PILOTLIGHT_LAUNCH', launch, 'overlap or node');
  const pipeline = variables.PILOTLIGHT_PIPELINE || 'off';
  if (pipeline !== 'on' && pipeline !== 'off') throw invalid('PILOTLIGHT_PIPELINE', pipeline, 'on or off');
  const shutdown = variables.PILOTLIGHT_SHUTDOWN || 'auto';
  if (shutdown !== 'auto' && shutdown !== 'on' && shutdown !== 'off')
    throw invalid('PILOTLIGHT_SHUTDOWN', shutdown, 'auto, on or off');
  const asyncTrace = variables.PILOTLIGHT_ASYNC_TRACE || 'off';
  if (asyncTrace !== 'on' && asyncTrace !== 'off')
    throw invalid('PILOTLIGHT_ASYNC_TRACE', asyncTrace, 'on or off');
  const maxConcurrency = Math.max(1, wholeNumber(variables, 'AWS_LAMBDA_MAX_CONCURRENCY', 1));
  const wantedWorkers = Math.max(1, wholeNumber(variables, 'PILOTLIGHT_WORKERS', 1));
  const workers = Math.min(wantedWorkers, maxConcurrency);
  const heap = heapLimits(memoryMiB, workers);
  const isConcurrent = variables.AWS_LAMBDA_MAX_CONCURRENCY !== undefined;
  const layersRoot = join(dirname(bootstrapFile), '..');
  const shareMs = shutdownShareMs(isConcurrent, layersRoot);
  return {
    taskRoot: variables.LAMBDA_TASK_ROOT || '/var/task',
    layersRoot,
    tmpFolder: variables.TMPDIR || '/tmp',
    handler: variables._HANDLER || 'function.handler',
    interpreter: variables.PILOTLIGHT_INTERPRETER || undefined,
    mode,
    result,
    streams: variables.PILOTLIGHT_STREAM === 'on',
    isConcurrent,
    maxConcurrency,
    connections: isConcurrent ? MAX_CONNECTIONS : 1,
    workers,
    shutdown,
    isSnapshot: variables.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start',
    isAhead: INITIALIZED_AHEAD.includes(variables.AWS_LAMBDA_INITIALIZATION_TYPE),
    heapMiB: wholeNumber(variables, 'PILOTLIGHT_HEAP_MIB', heap.heapMiB),
    semiSpaceMiB: heap.semiSpaceMiB,
    wearLimits: readWearLimits(variables),
    stopGraceMs: wholeNumber(variables, 'PILOTLIGHT_STOP_GRACE_MS', shareMs),
    deadline: {
      lookMs: wholeNumber(variables, 'PILOTLIGHT_DEADLINE_LOOK_MS', 250),
      marginMs: wholeNumber(variables, 'PILOTLIGHT_DEADLINE_MARGIN_MS', 50),
    },
    asyncTrace: asyncTrace === 'on',
    inspectPort: variables.PILOTLIGHT_INSPECT ? wholeNumber(variables, 'PILOTLIGHT_INSPECT', 0) : undefined,
    execWrapper: variables.AWS_LAMBDA_EXEC_WRAPPER || undefined,
    exposeRuntimeApi: variables.PILOTLIGHT_EXPOSE_RUNTIME_API === '1',
    permissions: readPermissions(variables.PILOTLIGHT_PERMISSIONS),
    verify,
    http,
    launched: readLaunched(variables.PILOTLIGHT_LAUNCHED),
    pipeline: pipeline === 'on',
    stampsFile: variables.PILOTLIGHT_STAMPS || undefined,
    variables,
  };
}

/**
 * What Lambda leaves a runtime between SIGTERM and SIGKILL: 30 % of 500 ms, of 2 s beside external extensions, which
 * Lambda starts from this folder, and 600 ms on Managed Instances.
 */
function shutdownShareMs(isConcurrent: boolean, layersRoot: string): number {
  return isConcurrent || existsSync(join(layersRoot, 'extensions')) ? 600 : 150;
}

function readWearLimits(variables: Variables): WearLimits | undefined {
  const limits = {
    invocations: wholeNumber(variables, 'PILOTLIGHT_MAX_INVOCATIONS', 0),
    ageS: wholeNumber(variables, 'PILOTLIGHT_MAX_AGE_S', 0),
    memoryMiB: wholeNumber(variables, 'PILOTLIGHT_MAX_MEMORY_MIB', 0),
  };
  return limits.invocations + limits.ageS + limits.memoryMiB === 0 ? undefined : limits;
}

/** `bootstrap.sh` says it as `name pid input lines errors`. */
function readLaunched(text: string | undefined): LaunchedWorker | undefined {
  if (text === undefined) return undefined;
  const [name = '', ...numbers] = text.split(' ');
  const [pid = 0, input = 0, lines = 0, errors = 0] = numbers.map(Number);
  return { name, pid, input, lines, errors };
}

/** What it may say depends on the interpreter. */
function readPermissions(text = ''): string | undefined {
  return text === '' || text === 'off' ? undefined : text;
}

function wholeNumber(variables: Variables, name: string, fallback: number): number {
  const text = variables[name];
  if (text === undefined || text === '') return fallback;
  if (!/^\d{1,9}$/.test(text)) throw invalid(name, text, 'a whole number');
  return Number(text);
}

function invalid(name: string, value: string, wanted: string): PilotlightError {
  return new PilotlightError('SETTING_INVALID', `Cannot use ${name}="${value}": expected ${wanted}`);
}
