import { readProcessStat } from '../../process-stat.ts';

const TRIES = 20;
const PAUSE_MS = 1;
const STOPPED = 'T';

/**
 * Stops a process that is to be killed next: of one that runs the system does not tell where it is.
 *
 * @param pid the process
 */
export function stopProcess(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < TRIES && readProcessStat(pid)?.state !== STOPPED; tries++)
    Atomics.wait(pause, 0, 0, PAUSE_MS);
}
