import type { LambdaApi } from './lambda-api/client.ts';
import type { Invocation } from './lambda-api/invocation.ts';
import type { WorkerSlot } from './supervisor/worker-slot.ts';

/**
 * Takes events and answers each exactly once, until told to stop.
 *
 * @param lambda the Runtime API
 * @param worker where events go
 * @param stopping aborted by SIGTERM: the running invocation is finished, no other is taken
 * @throws {PilotlightError} `PLATFORM_REFUSED` when the Runtime API is lost, or the error of a worker that cannot be replaced
 */
export async function runLoop(lambda: LambdaApi, worker: WorkerSlot, stopping: AbortSignal): Promise<void> {
  for (;;) {
    await worker.ready();
    const invocation = await next(lambda, stopping);
    if (invocation === undefined) return;
    await serve(lambda, worker, invocation);
  }
}

/** On its own, because a suspended loop would hold on to the last answer of up to 6 MB until the next event. */
async function serve(lambda: LambdaApi, worker: WorkerSlot, invocation: Invocation): Promise<void> {
  await lambda.answer(invocation, await worker.forward(invocation));
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

async function next(lambda: LambdaApi, stopping: AbortSignal): Promise<Invocation | undefined> {
  if (stopping.aborted) return undefined;
  try {
    return await lambda.next();
  } catch (error) {
    if (stopping.aborted) return undefined;
    throw error;
  }
}
