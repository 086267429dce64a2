import type { Log } from '../log.ts';
import type { DeadlinePlan } from './deadline-plan.ts';
import type { SharedWorker } from './overdue.ts';
import type { OverlapWatch } from './overlap-watch.ts';

/**
 * Makes what looks after the deadlines in a worker, where invocations run beside one another.
 *
 * @param plan what to do when a deadline comes near
 * @param worker the worker
 * @param log where it is told
 * @returns `undefined` where they do not
 */
export async function watchOverlaps(
  plan: DeadlinePlan | undefined,
  worker: SharedWorker,
  log: Log,
): Promise<OverlapWatch | undefined> {
  if (!plan?.isConcurrent) return undefined;
  const { OverlapWatch } = await import('./overlap-watch.ts');
  return new OverlapWatch(plan, worker, log);
}
