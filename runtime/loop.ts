import { createGoOnAtDeadline } from './go-on-at-deadline.ts';
import type { LambdaApi } from './lambda-api/client.ts';
import type { Invocation } from './lambda-api/invocation.ts';
import { optimizeEarly } from './optimize-early.ts';
import type { Workers } from './supervisor/worker-pool.ts';

/**
 * Takes events and answers each exactly once, until told to stop: next, forward, answer, and from the start. One step
 * calls the next instead of being awaited, so that nothing of an invocation is held until the following one, and no
 * time is lost between them.
 *
 * @param lambda the Runtime API
 * @param worker where events go
 * @param isConcurrent whether events may overlap: then it goes on when an invocation is overdue
 * @param stopping aborted by SIGTERM: the running invocation is finished, no other is taken
 * @throws {PilotlightError} `PLATFORM_REFUSED` when the Runtime API is lost, or why no worker starts any more
 */
export function runLoop(
  lambda: LambdaApi,
  worker: Workers,
  isConcurrent: boolean,
  stopping: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const goOnAtDeadline = isConcurrent ? createGoOnAtDeadline() : undefined;
    const fail = (error: Error) => (stopping.aborted ? resolve() : reject(error));

    function next(): void {
      if (stopping.aborted) resolve();
      else if (worker.isReady) {
        lambda.next(forward, fail);
        // Once the poll is on its way: this is nobody's time.
        optimizeEarly();
      } else if (worker.mustPoll && !worker.isHopeless) {
        // To Lambda an invocation is over with the next poll only: past its deadline the environment is ended.
        lambda.next(forward, fail);
        worker.ready().catch(() => {});
      } else worker.ready().then(next, goOnWithout);
    }
    /** The next event tries again, and tells its caller why there is no worker. */
    function goOnWithout(error: Error): void {
      if (worker.isHopeless || stopping.aborted) fail(error);
      else lambda.next(forward, fail);
    }
    function forward(invocation: Invocation): void {
      const wait = goOnAtDeadline?.(invocation, next);
      const done = wait?.end ?? next;
      worker.forward(invocation, (answer) => {
        // A poller that went on has its poll out: nobody would take what a second one brings.
        const mayPoll = worker.isReady && wait?.isOver !== true;
        lambda.answer(invocation, answer, done, reject, mayPoll);
      });
    }
    next();
  });
}

/**
 * Runs several loops at once into the same worker, as Managed Instances ask for.
 *
 * @param count how many events may be in flight
 * @param loop one poller
 */
export async function runPollers(count: number, loop: () => Promise<void>): Promise<void> {
  if (count === 1) return loop();
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: count });
  await queue.addAll(Array.from({ length: count }, () => loop));
}
