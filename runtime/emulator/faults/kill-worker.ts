import type { ProcessStat } from '../../process-stat.ts';
import type { RuntimeProcess } from '../runtime-process.ts';
import { readProcess, signalProcess } from '../sandbox/process-table.ts';

/** Where an environment's processes are found. */
type Processes = Pick<RuntimeProcess, 'processes'>;

/**
 * Kills the worker of an environment: what the bootstrap itself has started.
 *
 * @returns its process id, or `undefined` when there is none, as with a bootstrap that runs the function itself
 */
export async function killWorker(environment: Processes): Promise<number | undefined> {
  const all = await listProcesses(environment);
  const pids = new Set(all.map(({ pid }) => pid));
  const bootstraps = new Set(all.filter((one) => !pids.has(one.parentPid)).map(({ pid }) => pid));
  const worker = all.find(({ parentPid }) => bootstraps.has(parentPid));
  if (worker === undefined) return undefined;
  await signalProcess(worker, 'SIGKILL');
  return worker.pid;
}

/** Those that run; an ended one that nobody waited for is none of them. */
async function listProcesses(environment: Processes): Promise<readonly ProcessStat[]> {
  const entries = await Promise.all(environment.processes().map(readProcess));
  return entries.filter((entry) => entry !== undefined);
}
