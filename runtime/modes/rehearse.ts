import { toWholeBody } from '../http1/whole-body.ts';
import type { Invocation } from '../lambda-api/invocation.ts';
import type { WorkerClient } from '../supervisor/forward.ts';

/**
 * The first invocation of a young process takes ten times as long as later ones, since nothing is compiled. After so many
 * that the host plays to itself it is as fast as after twice as many; of four times as many its compiler is still busy then.
 */
const TIMES = 30;
/** Like an event but for its body, and of none. */
const REHEARSAL: Omit<Invocation, 'body'> = {
  requestId: '00000000-0000-4000-8000-000000000000',
  invocationId: undefined,
  lines: [
    'content-type: application/json',
    'lambda-runtime-aws-request-id: 00000000-0000-4000-8000-000000000000',
    'lambda-runtime-deadline-ms: 4102444800000',
    'lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:rehearsal',
    'lambda-runtime-trace-id: Root=1-00000000-000000000000000000000000;Sampled=0',
    '',
  ].join('\r\n'),
  header: () => undefined,
  streamBytes: undefined,
};

const VALUES = /:.*/g;
/**
 * Has a worker play invocations through, on the way that an event will take, until they are compiled on both sides. One
 * that cannot, or does not know of it, is as ready as it gets.
 *
 * @param client the way to it
 * @param lastLines header lines of the last event: readers know heads again by their names; nothing else of it is told
 */
export async function rehearse(client: WorkerClient, lastLines: string | undefined): Promise<void> {
  const lines = lastLines?.replace(VALUES, ': {}') ?? REHEARSAL.lines;
  for (let times = 0; times < TIMES; times++) {
    // Other keys each time: code that has seen objects of one kind is adapted to the event's while its caller waits.
    const body = toWholeBody(`{"rehearsal${times}":["of","an","event",{"with":null,"some":1.5}]}`);
    if (!(await rehearseOnce(client, { ...REHEARSAL, lines, body }))) return;
  }
}

function rehearseOnce(client: WorkerClient, rehearsal: Invocation): Promise<boolean> {
  return new Promise((resolve) => {
    const fail = () => resolve(false);
    client.rehearse(rehearsal, { onAnswer: () => resolve(true), onNotTaken: fail, onError: fail });
  });
}
