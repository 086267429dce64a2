import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { knownError, PilotlightError } from '../errors.ts';
import { FramingError } from '../http1/framing-error.ts';
import { isWhole } from '../http1/whole-body.ts';
import { errorAnswer } from '../lambda-api/error-answer.ts';
import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import { describeMemory, exitError } from './exit-error.ts';
import { readPeakMemory } from './memory.ts';
import type { WorkerEnd, WorkerProcess } from './worker-process.ts';

/** A broken connection is mostly a death whose news is still on the way; past this the process seems to live on. */
const DEATH_NEWS_MS = 250;
/** Until a process that was killed has ended; its last lines are not worth more. */
const KILL_NEWS_MS = 1_000;

/**
 * Finds out why a request got no answer from a worker, and ends the worker if it has not ended: it is of no use.
 *
 * @param worker the worker
 * @param error what the connection told, or `WORKER_GARBLED` for what is no answer to this request
 * @param requestId of the invocation
 */
export async function explainSilence(
  worker: WorkerProcess,
  error: Error,
  requestId: string,
): Promise<PilotlightError> {
  const mayHaveEnded = !isGarbled(error);
  const lost = (end: WorkerEnd) => exitError(undefined, 'Cannot answer the invocation', end, requestId);
  const early = mayHaveEnded ? await newsOf(worker, DEATH_NEWS_MS) : undefined;
  if (early !== undefined) return lost(early);

  const memory = describeMemory(readPeakMemory(worker.pid));
  const silence = describeSilence(worker, error);
  worker.kill();
  const end = await newsOf(worker, KILL_NEWS_MS);
  // It was ending already, and the news were late.
  const wasEnding = mayHaveEnded && (end?.ranOutOfMemory || end?.signal !== 'SIGKILL');
  if (end !== undefined && wasEnding) return lost(end);
  return new PilotlightError(silence.code, `${silence.message}; ${memory}`, {
    cause: error,
    trace: end?.lastOutput ?? [],
  });
}

/** A message cut short is a death as long as nothing speaks against it. */
function isGarbled(error: Error): boolean {
  return error instanceof PilotlightError || (error instanceof FramingError && error.code !== 'TRUNCATED');
}

/** The timer keeps the bootstrap alive: undici's idle connections do not, and no pipe of a dead worker is left to. */
async function newsOf({ ended }: WorkerProcess, withinMs: number): Promise<WorkerEnd | undefined> {
  return await Promise.race([ended, delay(withinMs, undefined)]);
}

function describeSilence({ socketPath }: WorkerProcess, error: Error) {
  if (error instanceof PilotlightError) return { code: error.code, message: error.message };
  if (error instanceof FramingError) {
    const what =
      error.code === 'TRUNCATED' ? 'it broke off in the middle' : `it is no HTTP: ${error.message}`;
    return { code: 'WORKER_GARBLED', message: `Cannot use the worker's answer: ${what}` } as const;
  }
  const socket = existsSync(socketPath) ? '' : `, its socket "${socketPath}" is gone`;
  const message = `Cannot reach the worker: ${error.message}${socket}, though its process lives`;
  return { code: 'WORKER_UNREACHABLE', message } as const;
}

/**
 * Whether a worker cannot have got the whole of an event, so that its handler has not seen it, and another worker may
 * have it. Unix sockets tell: they refuse what nobody would read, and reset a connection whose other side closed it
 * before it had read all.
 *
 * @param error what the connection told
 */
export function neverArrived(error: Error): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall === 'connect' || code === 'EPIPE' || (syscall === 'read' && code === 'ECONNRESET');
}

/**
 * The error for an invocation that was handed to a worker in vain.
 *
 * @param invocation the event
 */
export function notTaken({ body }: Invocation): PilotlightError {
  const reason = isWhole(body)
    ? 'one after the other takes no more'
    : 'it takes no more, and the event has flowed';
  return new PilotlightError('WORKER_UNREACHABLE', `Cannot hand the event to a worker: ${reason}`);
}

/**
 * The answer to an invocation for which no worker starts.
 *
 * @param invocation the event, which is let go
 * @param error why
 */
export function notStarted(invocation: Invocation, error: unknown): Answer {
  giveUp(invocation);
  return errorAnswer(knownError(error));
}

/**
 * Whether an event broke off on its way from Lambda, and with it the request to the worker. No host hands over what it
 * has not read whole, so the handler has not begun.
 *
 * @param invocation the event
 * @param error what the connection to the worker told
 */
export function brokeOff({ body }: Invocation, error: Error): boolean {
  return !isWhole(body) && body.errored === error;
}

/**
 * Lets an event go that nobody takes. What is left of one that flows must be read over, or it would stand before every
 * later event.
 *
 * @param invocation the event
 */
export function giveUp({ body }: Invocation): void {
  if (!isWhole(body)) body.destroy();
}
