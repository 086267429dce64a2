import { statSync } from 'node:fs';
import { LINES_DESCRIPTOR } from '../../worker/protocol.ts';
import type { Settings } from '../config.ts';
import { PilotlightError } from '../errors.ts';
import type { Interpreter } from '../prepare/interpreter.ts';

/** How a worker is started. */
export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Lambda's descriptor for log lines as this process has it, where there is one; the worker gets it as the next free. */
  readonly logDescriptor: number | undefined;
}

/** What `bootstrap.sh` sets aside comes back under its own name. */
const FOR_WORKER_PREFIX = 'PILOTLIGHT_FOR_WORKER_';
/** What of that has its own name here was set for the bootstrap's interpreter alone. */
const BOOTSTRAP_ONLY = /^(?:NODE|DENO|BUN|OPENSSL)_/;
const LOG_DESCRIPTOR_VARIABLE = '_LAMBDA_TELEMETRY_LOG_FD';

/**
 * The command that starts a worker: the manifest's, behind the user's `AWS_LAMBDA_EXEC_WRAPPER` where one is set
 * (on `provided.*` the platform leaves that to the runtime).
 *
 * @param interpreter what it runs on
 * @param settings the settings
 * @param permissions arguments that restrict it
 * @throws {PilotlightError} `SETTING_INVALID` for an interpreter without a debugger, where one is wanted
 */
export function workerCommand(
  interpreter: Interpreter,
  settings: Settings,
  permissions: readonly string[] = [],
): WorkerCommand {
  const debug = settings.inspectPort === undefined ? [] : debugArguments(interpreter, settings.inspectPort);
  const variables = workerVariables(interpreter, settings);
  const isSetByFunction = (argument: string) =>
    argument.endsWith('MiB}') &&
    variables.NODE_OPTIONS?.replaceAll('_', '-').includes(`${argument.split('=')[0]}=`);
  const command = interpreter.worker.flatMap((argument) => {
    // What NODE_OPTIONS say of the heap is the function's will, but a command wins over them.
    if (isSetByFunction(argument)) return [];
    if (argument === '{host}') return [...debug, ...permissions, interpreter.host];
    return [
      argument
        .replace('{binary}', interpreter.binary)
        .replace('{heapMiB}', String(settings.heapMiB))
        .replace('{semiSpaceMiB}', String(settings.semiSpaceMiB)),
    ];
  });
  const [file = interpreter.binary, ...args] =
    settings.execWrapper === undefined ? command : [settings.execWrapper, ...command];
  const logDescriptor = takeLogDescriptor(variables);
  if (logDescriptor !== undefined) variables[LOG_DESCRIPTOR_VARIABLE] = String(LINES_DESCRIPTOR + 1);
  return { file, args, folder: settings.taskRoot, variables, logDescriptor };
}

function debugArguments({ name, inspect }: Interpreter, port: number): string[] {
  if (inspect !== undefined) return inspect.map((argument) => argument.replace('{port}', String(port)));
  throw new PilotlightError(
    'SETTING_INVALID',
    `Cannot debug "${name}" (PILOTLIGHT_INSPECT): its manifest says nothing of a debugger`,
  );
}

/** Not every number is that of a log: what it names may never have come here, or be one of Node's own. */
function takeLogDescriptor(variables: Record<string, string>): number | undefined {
  const named = variables[LOG_DESCRIPTOR_VARIABLE];
  delete variables[LOG_DESCRIPTOR_VARIABLE];
  if (named === undefined || !/^\d+$/.test(named)) return undefined;
  try {
    // By its path: Deno's `node:fs` numbers files in a way of its own.
    const stat = statSync(`/proc/self/fd/${named}`);
    return stat.isFIFO() || stat.isSocket() || stat.isFile() ? Number(named) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The worker's variables: the function's and Lambda's, plus those that managed runtimes have and `provided.*`
 * leaves to the runtime; without the address of the Runtime API, so that user code cannot answer by accident, and what
 * the shell tells the bootstrap. No list of what may pass: which of them are the user's cannot be told.
 */
function workerVariables(interpreter: Interpreter, settings: Settings): Record<string, string> {
  const variables: Record<string, string> = { AWS_EXECUTION_ENV: 'AWS_Lambda_provided.al2023' };
  const runtimeDir = settings.variables.LAMBDA_RUNTIME_DIR || '/var/runtime';
  for (const [name, value] of Object.entries(interpreter.variables)) {
    variables[name] = value
      .replaceAll('{layers}', settings.layersRoot)
      .replaceAll('{runtimeDir}', runtimeDir);
  }
  for (const [name, value] of Object.entries(settings.variables)) {
    if (value === undefined) continue;
    if (name === 'AWS_LAMBDA_RUNTIME_API' && !settings.exposeRuntimeApi) continue;
    if (name === 'PILOTLIGHT_LAUNCHED' || BOOTSTRAP_ONLY.test(name)) continue;
    variables[name.startsWith(FOR_WORKER_PREFIX) ? name.slice(FOR_WORKER_PREFIX.length) : name] = value;
  }
  return variables;
}
