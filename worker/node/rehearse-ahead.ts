import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { REHEARSAL_ID, REHEARSAL_LINES, REHEARSALS_PATH, TOKEN_HEADER } from '../protocol.ts';
import type { InvokerOptions } from './invoke.ts';
import { createRehearsals } from './rehearsal.ts';
import { createRoutes } from './routes.ts';
import { createHostServer } from './server.ts';

/** The first compiles what an invocation needs, the second what only one that follows another meets. */
const TIMES = 2;
const TOKEN = 'rehearsal';
const BODY = '{"some":["event"]}';
const REQUEST = `POST ${REHEARSALS_PATH}${REHEARSAL_ID} HTTP/1.1\r
Host: worker\r
${TOKEN_HEADER}: ${TOKEN}\r
${REHEARSAL_LINES}Content-Length: ${BODY.length}\r
\r
${BODY}`;

/**
 * Plays invocations of no function through the host, from bytes to bytes, in the time of a wait: what is compiled by then
 * would else be compiled while the first event's caller waits.
 * @param options - what invocations run in; nothing of them is left there
 * @returns how many were answered
 */
export function rehearseAhead(options: Omit<InvokerOptions, 'handler' | 'scopes'>): number {
  const choose = createRehearsals(options);
  const accept = createRoutes(
    TOKEN,
    { invoke: choose() },
    () => false,
    async () => ({ status: 404 }),
    choose,
  );
  let answered = 0;
  const sink = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      if (text.startsWith('HTTP/1.1 200 ')) answered += 1;
      done();
    },
  });
  const socket = Object.assign(sink, { setNoDelay: () => sink }) as unknown as Socket;
  const take = createHostServer({ accept, yieldsLoop: false }).serve(socket);
  for (let times = 0; times < TIMES; times++) take(Buffer.from(REQUEST));
  return answered;
}
