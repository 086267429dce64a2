import type { Findings } from '../findings.ts';
import { childCommands } from './child-commands.ts';
import { readSystemCall } from './system-call.ts';

/**
 * Finds out what the system knows of a worker, whatever its language: nothing of it is disturbed.
 *
 * @param pid the worker
 */
export function lookAtProcess(pid: number): Partial<Findings> {
  return { children: childCommands(pid), systemCall: readSystemCall(pid)?.told };
}
