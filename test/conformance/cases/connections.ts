import assert from 'node:assert/strict';
import { makeEvent, withLength } from '../api/event.ts';
import type { Group } from '../case.ts';
import { NEXT_PATH } from '../kit.ts';
import { HTTP, RUNTIME_API, STATES } from './sources.ts';

const CLOSING = 'HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n';
/** Longer than any second that a client may have as its limit. */
const LONG_POLL_MS = 3_200;

/** Connections that are slow, close or break. */
export const connections: Group = {
  name: 'slow and reset connections',
  cases: [
    {
      name: 'connection-long-poll',
      clause: 'A poll may wait as long as the environment lives: no limit of time is allowed.',
      source: RUNTIME_API,
      does: 'answers a poll after more than three seconds',
      expects: 'the same poll waits on, and its event is answered',
      async run(kit) {
        const poll = await kit.poll();
        // The wait is what is tested.
        await new Promise((resolve) => setTimeout(resolve, LONG_POLL_MS));
        assert.equal(kit.api.requests.length, 1, 'polls meanwhile');
        const event = makeEvent({});
        poll.send(withLength(event));
        (await kit.post(event.id)).accept();
      },
    },
    {
      name: 'connection-close-behind-answer',
      clause: 'After "Connection: close" the next request goes over another connection.',
      source: HTTP,
      does: 'answers a result so, and closes',
      expects: 'the next poll, answered as ever',
      async run(kit) {
        const answer = await kit.ask({});
        answer.send(CLOSING);
        answer.cut('end');
        await kit.serves();
      },
    },
    {
      name: 'connection-close-behind-event',
      clause: 'After "Connection: close" the next request goes over another connection.',
      source: HTTP,
      does: 'sends an event so, and closes',
      expects: 'its answer over another connection',
      async run(kit) {
        const event = makeEvent({ headers: { Connection: 'close' } });
        const poll = await kit.poll();
        poll.send(withLength(event));
        poll.cut('end');
        (await kit.post(event.id)).accept();
        await kit.serves();
      },
    },
    {
      name: 'connection-slow-202',
      clause: 'The 202 may come slowly and in pieces.',
      source: HTTP,
      does: 'sends it byte by byte',
      expects: 'the next poll, answered as ever',
      async run(kit) {
        const answer = await kit.ask({});
        for (const byte of 'HTTP/1.1 202 Accepted\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n') {
          answer.send(byte);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await kit.serves();
      },
    },
    {
      name: 'connection-poll-reset',
      clause: 'A poll that broke may be sent again or end the runtime; it is no invocation.',
      source: STATES,
      does: 'resets the connection of a poll, once',
      expects: 'another poll that is served, or the end',
      async run(kit) {
        (await kit.poll()).cut('reset');
        const request = await kit.requestOrEnd();
        if (request === undefined) return;
        assert.equal(request.path, NEXT_PATH);
        const event = makeEvent({});
        request.send(withLength(event));
        (await kit.post(event.id)).accept();
      },
    },
    {
      name: 'connection-reset-within-event',
      clause: 'Half an event is none: the handler never sees it.',
      source: HTTP,
      does: 'breaks the connection in the middle of an event',
      expects: 'no result; an error for it, another poll, or the end',
      async run(kit) {
        const poll = await kit.poll();
        poll.send(withLength(makeEvent({ body: { value: 'x'.repeat(1000) } })).subarray(0, -500));
        poll.cut('end');
        const request = await kit.requestOrEnd();
        assert.ok(request === undefined || !request.path.endsWith('/response'), 'half an event was answered');
      },
    },
    {
      name: 'connection-reset-within-large-event',
      clause: 'Half an event is none, however much of it came.',
      source: HTTP,
      does: 'breaks the connection after 1 MB of 2 MB, in chunks',
      expects: 'no result; an error for it, another poll, or the end',
      async run(kit) {
        const poll = await kit.poll();
        const { lines, body } = makeEvent({ body: { value: 'x'.repeat(2_000_000) } });
        poll.send(
          `${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`,
        );
        poll.send(body.subarray(0, 1_000_000));
        poll.cut('end');
        const request = await kit.requestOrEnd();
        assert.ok(request === undefined || !request.path.endsWith('/response'), 'half an event was answered');
      },
    },
    {
      name: 'connection-answer-reset',
      clause: 'An answer whose connection broke may be sent again as it is, never as another one.',
      source: STATES,
      does: 'resets the connection once the answer came whole',
      expects: 'the same answer, a poll, or the end',
      async run(kit) {
        const answer = await kit.ask({ body: { value: 1 } });
        answer.cut('reset');
        const request = await kit.requestOrEnd();
        if (request === undefined || request.path === NEXT_PATH) return;
        await request.whole();
        assert.deepEqual([request.path, request.text], [answer.path, answer.text]);
      },
    },
    {
      name: 'connection-gone',
      clause: 'A runtime without its Runtime API ends instead of asking for ever.',
      source: RUNTIME_API,
      does: 'resets the connection of every poll',
      expects: 'the end after at most 30 tries',
      async run(kit) {
        await kit.endsAfter((request) => request.cut('reset'));
      },
    },
  ],
};
