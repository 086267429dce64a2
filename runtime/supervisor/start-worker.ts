import { rmSync } from 'node:fs';
import { type GoLine, PROTOCOL_VERSION } from '../../worker/protocol.ts';
import type { Log } from '../log.ts';
import { adoptWorker } from './adopt.ts';
import type { Aftermath } from './aftermath.ts';
import { createToken } from './create-token.ts';
import { describeEnd } from './exit-error.ts';
import { createWorkerClient, type WorkerClient } from './forward.ts';
import { untilReady } from './ready.ts';
import type { WorkerPlan } from './worker-plan.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A worker that takes invocations. */
export interface StartedWorker {
  readonly process: WorkerProcess;
  readonly client: WorkerClient;
  readonly hasShutdownHook: boolean;
}

/** Which of a slot's workers, and how it starts. */
export interface WorkerStart {
  /** From 1 on. */
  readonly number: number;
  /** Whether it keeps book of what waits. */
  readonly asyncTrace: boolean;
  /** Seconds it may take, where an earlier one was ready. */
  readonly limitS: number | undefined;
}

/**
 * Starts a worker, or takes over the first one where it was started beside the bootstrap, and waits until it is ready.
 *
 * @param plan how it is started
 * @param start which one
 * @param aftermath awaited before, and told of the new one
 * @param log where the steps are told
 * @throws {PilotlightError} as `untilReady` does
 */
export async function startWorker(
  plan: WorkerPlan,
  { number, asyncTrace, limitS }: WorkerStart,
  aftermath: Aftermath,
  log: Log,
): Promise<StartedWorker> {
  const socket = plan.socketPath(number);
  const token = createToken();
  const isAhead = number <= plan.ahead;
  const go: GoLine = {
    kind: 'go',
    protocol: PROTOCOL_VERSION,
    socket,
    token,
    folder: plan.functionFolder,
    handler: plan.handler,
    asyncTrace,
    parts: plan.parts,
    isAhead,
  };
  const process = adoptLaunched(plan, number, go, log) ?? (await startProcess(plan, go, aftermath, log));
  aftermath.watch(process);
  void process.ended.then((end) => {
    // The system keeps the name of a dead one's socket, and `/tmp` lives as long as the environment.
    rmSync(socket, { force: true });
    log.debug(`worker ${process.pid} is gone: ${describeEnd(end)}`);
  });
  try {
    const ready = await untilReady(process, plan.name, limitS);
    const client = createWorkerClient(await plan.createClient, socket, token, plan.connections);
    const rehearsed = (ready.rehearses && (await plan.rehearse?.(client, isAhead))) || 0;
    const host = `${ready.host} on ${plan.name} ${ready.interpreter}`;
    log.debug(`worker ${process.pid} ready: ${host}, ${rehearsed} rehearsals`);
    return { process, client, hasShutdownHook: ready.shutdownHook };
  } catch (error) {
    process.kill();
    const { blameInterpreter } = await import('./blame-interpreter.ts');
    throw blameInterpreter(error, plan);
  }
}

function adoptLaunched(
  { launched, command }: WorkerPlan,
  number: number,
  go: GoLine,
  log: Log,
): WorkerProcess | undefined {
  if (launched === undefined || number !== 1) return undefined;
  const process = adoptWorker(launched, go);
  log.debug(
    process === undefined
      ? `worker ${launched.pid} ended before the bootstrap began, how is not known`
      : `worker ${launched.pid} was started beside the bootstrap: ${command.file}`,
  );
  return process;
}

async function startProcess(
  { command }: WorkerPlan,
  go: GoLine,
  aftermath: Aftermath,
  log: Log,
): Promise<WorkerProcess> {
  // execa takes as long to load as Node to start, and most environments never need a second worker.
  const [{ spawnWorker }] = await Promise.all([import('./spawn.ts'), aftermath.over()]);
  const process = spawnWorker(command, go);
  log.debug(`worker ${process.pid} started: ${command.file} ${command.args.join(' ')}`);
  return process;
}
