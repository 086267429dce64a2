import { join } from 'node:path';
import type { PartDigests } from '../../worker/protocol.ts';
import type { Settings } from '../config.ts';
import type { DeadlinePlan } from '../deadline/deadline-plan.ts';
import type { Log } from '../log.ts';
import type { Mode } from '../modes/mode.ts';
import { dismissWorker } from '../supervisor/adopt.ts';
import type { Permissions, permit } from '../supervisor/permissions.ts';
import { rehearse } from '../supervisor/rehearse.ts';
import { type WorkerCommand, workerCommand } from '../supervisor/worker-command.ts';
import type { WorkerPlan } from '../supervisor/worker-plan.ts';
import { WorkerPool, type Workers } from '../supervisor/worker-pool.ts';
import { WorkerSlot } from '../supervisor/worker-slot.ts';
import type { CreateHttpClient } from '../transport/http-client.ts';
import { chooseInterpreter } from './choose-interpreter.ts';
import { type Folder, prepareFolder } from './folder.ts';
import type { Interpreter } from './interpreter.ts';
import { layOverlay } from './overlay.ts';
import { digestsOf, type PartLists, readPartLists } from './part-lists.ts';
import { verifyParts } from './verify-parts.ts';

/** Each takes the init about as long as it saves the first event; of more, the init would take longer. */
const REHEARSALS = 2;
/** Where no caller waits for the init: the first twenty events take six tenths then, `pilotlight bench --first 20`. */
const REHEARSALS_AHEAD = 300;

/**
 * Makes everything ready that a worker needs: the interpreter, the folder in `/tmp`, the overlay.
 *
 * @param settings the settings
 * @param bootstrapFile path of the bootstrap's bundle
 * @param createClient the transport
 * @param log where the steps are told
 * @param translate what makes the worker's permissions of the setting; only where they are restricted
 * @param mode how long a worker lives; that of the environment when left out
 * @returns the folder, what starts the workers when asked, and what compares the parts with how they were built
 * @throws {PilotlightError} the init error to report
 */
export function prepare(
  settings: Settings,
  bootstrapFile: string,
  createClient: Promise<CreateHttpClient>,
  log: Log,
  translate?: typeof permit,
  mode: Mode = PERSISTENT,
): { folder: Folder; worker: Workers; verify: () => void } {
  const interpreter = mode.choose(settings);
  const folder = prepareFolder(settings.tmpFolder);
  let permissions: Permissions | undefined;
  let command: WorkerCommand;
  let lists: PartLists;
  try {
    permissions = translate?.(interpreter, settings, folder);
    command = workerCommand(interpreter, settings, permissions?.args);
    const overlay = layOverlay(
      settings.taskRoot,
      join(settings.layersRoot, 'pilotlight'),
      folder.functionFolder,
    );
    lists = readPartLists({ ...settings, interpreter });
    for (const entry of overlay) log.debug(`overlay: ${entry.name} from the ${entry.part} part`);
  } catch (error) {
    folder.remove();
    throw error;
  }
  if (permissions !== undefined) log.warn(permissions.note);
  const parts = digestsOf(lists);
  log.info(`parts: ${describeParts(interpreter, parts)}`);
  const { launched } = settings;
  const isRight = launched?.name === interpreter.name;
  if (launched !== undefined && !isRight) dismissWorker(launched);
  const plan: WorkerPlan = {
    name: interpreter.name,
    binary: interpreter.binary,
    command,
    launched: isRight ? launched : undefined,
    functionFolder: folder.functionFolder,
    handler: settings.handler,
    parts,
    socketPath: folder.socketPath,
    stopGraceMs: settings.stopGraceMs,
    wearLimits: settings.wearLimits,
    connections: settings.connections,
    ahead: settings.isAhead ? 1 : 0,
    rehearse: (client, isAhead) => rehearse(client, isAhead ? REHEARSALS_AHEAD : REHEARSALS),
    skipsShutdown: false,
    endLater: undefined,
    deadline: planDeadlines(settings, interpreter),
    asyncTrace: settings.asyncTrace,
    createClient,
  };
  return {
    folder,
    worker: mode.makeWorkers(plan, settings, log),
    verify() {
      if (settings.verify === 'off') return;
      verifyParts(lists, runningFiles(settings, bootstrapFile, interpreter));
    },
  };
}

/** What runs in the init besides the bundle. */
function runningFiles({ layersRoot }: Settings, bootstrapFile: string, interpreter: Interpreter): string[] {
  const { home, name, host } = interpreter;
  const files = [join(layersRoot, 'bootstrap'), bootstrapFile, host];
  return home === undefined
    ? files
    : [...files, ...['json', 'start'].map((ending) => join(home, 'interpreters', `${name}.${ending}`))];
}

function describeParts({ name, version }: Interpreter, parts: PartDigests): string {
  const digest = (sha256: string | undefined) =>
    sha256 === undefined ? 'of no known digest' : `sha256:${sha256}`;
  return `interpreter ${name} ${version} ${digest(parts.interpreter)}, runtime ${digest(parts.runtime)}, function ${digest(parts.function)}`;
}

const PERSISTENT: Mode = {
  choose: chooseInterpreter,
  makeWorkers: (plan, { workers }, log) =>
    workers === 1 ? new WorkerSlot(plan, log) : new WorkerPool(plan, workers, log),
};

function planDeadlines(settings: Settings, { name, version, host }: Interpreter): DeadlinePlan | undefined {
  const { isConcurrent, inspectPort: debugPort } = settings;
  const { lookMs } = settings.deadline;
  // A worker that a developer looks at, and may have stopped, is not ours to end.
  const marginMs = debugPort === undefined ? settings.deadline.marginMs : 0;
  if (lookMs + marginMs === 0) return undefined;
  return { lookMs, marginMs, interpreter: name, version, host, debugPort, isConcurrent };
}
