import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerProcess } from './worker-process.ts';

/** A killed process takes the kernel up to a tenth of a second; one that is there then hangs in a system call. */
const DYING_MS = 500;

/**
 * Kills a worker.
 *
 * @param worker its process
 * @returns when it has ended, or after half a second
 */
export async function killWorker(worker: Pick<WorkerProcess, 'ended' | 'kill'>): Promise<void> {
  worker.kill();
  await Promise.race([worker.ended, delay(DYING_MS, undefined, { ref: false })]);
}
