import { setTimeout as delay } from 'node:timers/promises';
import { PilotlightError } from '../errors.ts';
import type { Invocation } from '../lambda-api/invocation.ts';
import { exitError } from './exit-error.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A broken connection is mostly a death whose news is still on the way; past this the process lives on. */
const DEATH_NEWS_MS = 1_000;

/**
 * Finds out why a request got no answer from a worker.
 *
 * @param worker the worker
 * @param error what the connection told
 */
export async function explainSilence(worker: WorkerProcess, error: unknown): Promise<PilotlightError> {
  if (error instanceof PilotlightError) return error;
  const end = await Promise.race([worker.ended, delay(DEATH_NEWS_MS, undefined, { ref: false })]);
  if (end !== undefined) return exitError(undefined, 'Cannot answer the invocation', end);
  return new PilotlightError(
    'WORKER_UNREACHABLE',
    `Cannot reach the worker: ${(error as Error).message}, though its process lives`,
    { cause: error },
  );
}

/**
 * The error for an invocation that was handed to a worker in vain.
 *
 * @param invocation the event
 */
export function notTaken({ body }: Invocation): PilotlightError {
  const reason = Buffer.isBuffer(body)
    ? 'one after the other takes no more'
    : 'it takes no more, and the event has flowed';
  return new PilotlightError('WORKER_UNREACHABLE', `Cannot hand the event to a worker: ${reason}`);
}

/**
 * Whether an event broke off on its way from Lambda, and with it the request to the worker. No host hands over what it
 * has not read whole, so the handler has not begun.
 *
 * @param invocation the event
 * @param error what the connection to the worker told
 */
export function brokeOff({ body }: Invocation, error: Error): boolean {
  return !Buffer.isBuffer(body) && body.errored === error;
}

/**
 * Lets an event go that nobody takes. What is left of one that flows must be read over, or it would stand before every
 * later event.
 *
 * @param invocation the event
 */
export function giveUp({ body }: Invocation): void {
  if (!Buffer.isBuffer(body)) body.destroy();
}
