import { REHEARSAL_ID, REHEARSAL_LINES } from '../../worker/protocol.ts';
import { toWholeBody } from '../http1/whole-body.ts';
import type { Invocation } from '../lambda-api/invocation.ts';
import type { WorkerClient } from './forward.ts';

/** The function may keep the worker's event loop to itself when it has loaded, at once or again and again. */
const LIMIT_MS = 1_000;
const REHEARSAL: Omit<Invocation, 'lines' | 'body'> = {
  requestId: REHEARSAL_ID,
  invocationId: undefined,
  header: () => undefined,
  streamBytes: undefined,
};
const VALUES = /:.*/g;

/**
 * Has a worker play invocations through, on the way that an event will take, so that what it needs is compiled on both
 * sides: the first invocation of a young process takes ten times as long as later ones. A worker that cannot, or does not
 * come to it, is as ready as it gets.
 *
 * @param client the way to it
 * @param times how often
 * @param lastLines header lines of the last event: readers know heads again by their names; nothing else of it is told
 * @returns how many were answered; fewer than asked for when they take more than a second
 */
export async function rehearse(client: WorkerClient, times: number, lastLines?: string): Promise<number> {
  const lines = lastLines?.replace(VALUES, ': {}') ?? REHEARSAL_LINES;
  const limit = performance.now() + LIMIT_MS;
  let played = 0;
  for (; played < times && performance.now() < limit; played++) {
    // Other keys each time: code that has seen objects of one kind is adapted to the event's while its caller waits.
    const body = toWholeBody(`{"rehearsal${played}":["of","an","event",{"with":null,"some":1.5}]}`);
    if (!(await rehearseOnce(client, { ...REHEARSAL, lines, body }))) break;
  }
  return played;
}

function rehearseOnce(client: WorkerClient, rehearsal: Invocation): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isPlayed: boolean) => {
      clearTimeout(limit);
      resolve(isPlayed);
    };
    const fail = () => end(false);
    const limit = setTimeout(fail, LIMIT_MS);
    client.rehearse(rehearsal, { onAnswer: () => end(true), onNotTaken: fail, onError: fail });
  });
}
