import { dirname, join } from 'node:path';
import { PilotlightError } from './errors.ts';
import { isLogLevel } from './log.ts';

type Variables = Readonly<Record<string, string | undefined>>;

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
  /** Invocations at once; above 1 only on Managed Instances. */
  readonly maxConcurrency: number;
  /** The worker's heap limit. */
  readonly heapMiB: number;
  /** From SIGTERM to SIGKILL of a worker. */
  readonly stopGraceMs: number;
  /** Port on loopback of the worker's debugger. */
  readonly inspectPort: number | undefined;
  /** A program of the user's that starts the worker's command. */
  readonly execWrapper: string | undefined;
  readonly exposeRuntimeApi: boolean;
  /** Who speaks HTTP: our own framing, or undici. */
  readonly http: 'native' | 'undici';
  /** All variables as they came, for the worker. */
  readonly variables: Variables;
}

/**
 * Reads the settings.
 *
 * @param variables the environment's variables
 * @param bootstrapFile path of the bootstrap's bundle, `/opt/pilotlight/bootstrap.mjs` on Lambda
 * @throws {PilotlightError} `SETTING_INVALID` for a value that cannot be used, naming the variable
 */
export function readSettings(variables: Variables, bootstrapFile: string): Settings {
  const memoryMiB = wholeNumber(variables, 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 128);
  const level = variables.PILOTLIGHT_LOG ?? 'warn';
  if (!isLogLevel(level)) throw invalid('PILOTLIGHT_LOG', level, 'error, warn, info or debug');
  const mode = variables.PILOTLIGHT_MODE ?? 'persistent';
  if (mode !== 'persistent') throw invalid('PILOTLIGHT_MODE', mode, 'persistent');
  const http = variables.PILOTLIGHT_HTTP || 'native';
  if (http !== 'native' && http !== 'undici') throw invalid('PILOTLIGHT_HTTP', http, 'native or undici');
  return {
    taskRoot: variables.LAMBDA_TASK_ROOT || '/var/task',
    layersRoot: join(dirname(bootstrapFile), '..'),
    tmpFolder: variables.TMPDIR || '/tmp',
    handler: variables._HANDLER || 'function.handler',
    interpreter: variables.PILOTLIGHT_INTERPRETER || undefined,
    maxConcurrency: Math.max(1, wholeNumber(variables, 'AWS_LAMBDA_MAX_CONCURRENCY', 1)),
    // What is left beside the heap: code, buffers and the bootstrap itself; below 48 MiB Node does not start.
    heapMiB: wholeNumber(variables, 'PILOTLIGHT_HEAP_MIB', Math.max(48, memoryMiB - 64)),
    stopGraceMs: wholeNumber(variables, 'PILOTLIGHT_STOP_GRACE_MS', 150),
    inspectPort: variables.PILOTLIGHT_INSPECT ? wholeNumber(variables, 'PILOTLIGHT_INSPECT', 0) : undefined,
    execWrapper: variables.AWS_LAMBDA_EXEC_WRAPPER || undefined,
    exposeRuntimeApi: variables.PILOTLIGHT_EXPOSE_RUNTIME_API === '1',
    http,
    variables,
  };
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
