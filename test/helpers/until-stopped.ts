import { lookAtProcess } from '../../runtime/emulator/sandbox/process-look.ts';

/** Waits until a signal has stopped a process. */
export async function untilStopped(pid: number): Promise<void> {
  while (lookAtProcess(pid)?.activity !== 'stopped') await new Promise(setImmediate);
}

/** Waits until a process has ended. */
export async function untilEnded(pid: number): Promise<void> {
  while (lookAtProcess(pid) !== undefined) await new Promise(setImmediate);
}
