import { setTimeout as delay } from 'node:timers/promises';
import { SHUTDOWN_PATH } from '../../worker/protocol.ts';
import type { Log } from '../log.ts';
import type { WorkerClient } from './forward.ts';
import { killWorker } from './kill-worker.ts';
import { orLate } from './or-late.ts';
import type { WorkerProcess } from './worker-process.ts';

/**
 * Ends a worker: it runs the function's shutdown hooks and exits, or is killed when the time is over.
 *
 * @param process the worker's process
 * @param client the way to it
 * @param graceMs how long it may take; 0: it is not asked
 * @param log where it is told that hooks were cut off
 */
export async function stopWorker(
  process: WorkerProcess,
  client: WorkerClient,
  graceMs: number,
  log: Log,
): Promise<void> {
  if (graceMs > 0) {
    // Whether it answers does not matter, only that it ends.
    client.post(SHUTDOWN_PATH).catch(() => {});
    const end = await orLate(process.ended, (signal) => delay(graceMs, undefined, { signal }));
    if (end !== 'late') {
      client.close();
      return;
    }
    log.warn(`worker ${process.pid} is killed: its shutdown took more than ${graceMs} ms`);
  }
  const killed = killWorker(process);
  client.close();
  await killed;
}
