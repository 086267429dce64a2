import type { Log } from '../log.ts';
import type { DeadlinePlan } from './deadline-plan.ts';
import type { Findings } from './findings.ts';
import { NodeLook } from './node/node-look.ts';
import { PhpLook } from './php/php-look.ts';
import { lookAtProcess } from './process/look-at-process.ts';

/** The Node whose memory can be read; of others less is told while a system call holds the code up. */
const KNOWN_HEAP = '24.';

/** Asks a worker where its code stands. */
export type Look = Pick<NodeLook, 'run' | 'report' | 'runningId'>;

/**
 * Makes what asks a worker where its code stands. What another interpreter can tell of itself has its place here, beside
 * Node's.
 *
 * @param plan says whether to look, and at what
 * @param pid the worker
 * @returns `undefined` where nothing can be asked
 */
export function createLook(plan: DeadlinePlan, pid: number | undefined): Look | undefined {
  const { lookMs, interpreter, version, host, debugPort } = plan;
  if (lookMs === 0 || pid === undefined) return undefined;
  if (interpreter === 'php') return new PhpLook(pid);
  if (!interpreter.startsWith('node')) return undefined;
  return new NodeLook(pid, host, debugPort, version.startsWith(KNOWN_HEAP));
}

/**
 * Gathers what was seen of a worker and what the system knows. Whatever goes wrong with it, the invocation is to be given
 * up in time: then less is told.
 *
 * @param pid the worker
 * @param look what asked it
 * @param isLast whether the worker is killed next, so that it may be stopped
 * @param log where it is told that something went wrong
 * @param requestId the invocation whose awaits are told; `undefined`: none are wanted
 */
export function gatherFindings(
  pid: number | undefined,
  look: Look | undefined,
  isLast: boolean,
  log: Log,
  requestId?: string,
): Partial<Findings> {
  if (pid === undefined) return {};
  try {
    const outside = lookAtProcess(pid);
    const isHeld = outside.systemCall !== undefined || (outside.children ?? []).length > 0;
    return { ...outside, ...look?.report(isHeld, isLast, requestId) };
  } catch (error) {
    log.debug(`worker ${pid} cannot be looked at: ${error}`);
    return {};
  }
}
