import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import { CUSTOM_RUNTIME, HTTP, STATES, STREAMING } from './sources.ts';
import {
  answerTo,
  assertTrailers,
  BODY_TRAILER,
  noPollBefore202,
  payloadOf,
  splitPrelude,
  TYPE_TRAILER,
} from './stream-answers.ts';

type StreamCase = Omit<ConformanceCase, 'needs' | 'entry'> & { readonly needs?: ConformanceCase['needs'] };

const stream = (each: StreamCase): ConformanceCase => ({
  ...each,
  needs: ['stream', ...(each.needs ?? [])],
  entry: 'stream',
});

/** Results that are sent as they come. */
export const streaming: Group = {
  name: 'trailers and streaming',
  cases: [
    stream({
      name: 'stream-headers',
      clause: 'A stream is chunked, has the mode "streaming" and a type, and names its trailers.',
      source: CUSTOM_RUNTIME,
      does: 'takes a stream of two parts',
      expects: 'those headers',
      proof: `${CUSTOM_RUNTIME}: mode, coding and trailers are a streaming runtime’s to send`,
      async run(kit) {
        const answer = await kit.invoke({ body: { parts: ['one', 'two'] } });
        assert.equal(answer.header('lambda-runtime-function-response-mode'), 'streaming');
        assert.equal(answer.header('transfer-encoding')?.toLowerCase(), 'chunked');
        assert.notEqual(answer.header('content-type'), undefined);
        const named = answer.headers.filter(([name]) => name === 'trailer').map(([, value]) => value);
        assert.match(named.join(', ').toLowerCase(), new RegExp(`${TYPE_TRAILER}.*${BODY_TRAILER}`));
      },
    }),
    stream({
      name: 'stream-bytes',
      clause: 'A stream’s parts arrive as they are, one behind the other.',
      source: STREAMING,
      does: 'takes a stream of three parts',
      expects: 'their bytes and no trailers',
      async run(kit) {
        const answer = await kit.invoke({ body: { parts: ['ä', '', '🔥\n'] } });
        assert.equal(payloadOf(answer), 'ä🔥\n');
        assert.equal(answer.trailers.get(TYPE_TRAILER), undefined);
        await kit.poll();
      },
    }),
    stream({
      name: 'stream-first-byte',
      clause: 'What is written leaves before the handler has ended.',
      source: STREAMING,
      does: 'lets the handler wait behind its first part until that has come',
      expects: 'the first part, then the second',
      async run(kit) {
        const file = kit.file();
        const id = await kit.deliver({ body: { parts: ['first', 'second'], waitFor: file.path } });
        const request = await kit.request('the stream');
        await kit.until('the first part', () => payloadOf(request) === 'first' || undefined);
        file.touch();
        assert.equal(payloadOf(await request.whole()), 'firstsecond');
        assert.ok(request.path.includes(id));
      },
    }),
    stream({
      name: 'stream-poll-after-202',
      clause: 'A stream is over with its 202: the next poll comes after it.',
      source: STATES,
      does: 'holds the 202 back for a moment',
      expects: 'no poll before it',
      async run(kit) {
        const answer = await kit.ask({ body: { parts: ['one'] } });
        await noPollBefore202(kit);
        answer.accept();
        await kit.poll();
      },
    }),
    stream({
      name: 'stream-empty',
      clause: 'A stream may be empty.',
      source: STREAMING,
      does: 'takes a stream without parts',
      expects: 'a result without a byte',
      async run(kit) {
        assert.equal(payloadOf(await kit.invoke({ body: { parts: [] } })), '');
        await kit.poll();
      },
    }),
    stream({
      name: 'stream-large',
      clause: 'The limit of 6 MiB is not a stream’s.',
      source: STREAMING,
      does: 'takes 8,000,000 bytes',
      expects: 'all of them',
      async run(kit) {
        assert.equal(payloadOf(await kit.invoke({ body: { bytes: 8_000_000 } })).length, 8_000_000);
      },
    }),
    stream({
      name: 'stream-fails-within',
      clause: 'A failure behind the first byte is told by trailers: its type, and base64 of its JSON.',
      source: CUSTOM_RUNTIME,
      does: 'lets the handler fail behind two parts',
      expects: 'the parts, then both trailers',
      proof: `${CUSTOM_RUNTIME} and ${HTTP}, section 7.1.2: trailers stand behind the last chunk; aws/aws-lambda-rust-runtime pull request 696`,
      async run(kit) {
        const answer = await answerTo(kit, { parts: ['one', 'two'], failAfter: 'broken off' });
        assert.equal(payloadOf(answer), 'onetwo');
        assertTrailers(answer, /broken off/);
      },
    }),
    stream({
      name: 'stream-fails-before',
      clause: 'A failure before the first byte is an error as ever, or a stream of trailers alone.',
      source: CUSTOM_RUNTIME,
      does: 'lets the handler fail at once',
      expects: 'one answer that tells of it',
      async run(kit) {
        const answer = await answerTo(kit, { failBefore: 'at once' });
        if (answer.path.endsWith('/error')) return assert.match(answer.text, /at once/);
        assert.equal(payloadOf(answer), '');
        assertTrailers(answer, /at once/);
      },
    }),
    stream({
      name: 'stream-failed-poll-after-202',
      clause: 'A stream that failed is over with its 202 as well: the next poll comes after it.',
      source: STATES,
      does: 'lets the handler fail, and holds the 202 back for a moment',
      expects: 'no poll before it',
      proof: `${STATES}: a poll before the 202 gets the same event again, or is refused`,
      async run(kit) {
        const answer = await answerTo(kit, { failBefore: 'at once' });
        await noPollBefore202(kit);
        answer.accept();
        await kit.poll();
      },
    }),
    stream({
      name: 'stream-prelude',
      clause: 'An HTTP answer begins with JSON of status and headers, eight NULs, then its body.',
      source: CUSTOM_RUNTIME,
      does: 'takes an answer with status 201, a header and a cookie',
      expects: 'the prelude, then the body',
      needs: ['stream-http'],
      async run(kit) {
        const http = { statusCode: 201, headers: { 'x-kit': 'ü' }, cookies: ['a=1'] };
        const { prelude, rest } = splitPrelude(await kit.invoke({ body: { http, parts: ['body'] } }));
        assert.deepEqual([prelude.statusCode, prelude.cookies, rest], [201, ['a=1'], 'body']);
      },
    }),
    stream({
      name: 'stream-prelude-empty-body',
      clause: 'An HTTP answer without a body has its prelude all the same.',
      source: 'aws/aws-lambda-nodejs-runtime-interface-client issue 95',
      does: 'takes an answer of status 204 without a part',
      expects: 'the prelude and eight NULs',
      needs: ['stream-http'],
      proof: `${CUSTOM_RUNTIME}; honojs/hono issue 2401: status and headers are lost without the prelude`,
      async run(kit) {
        const { prelude, rest } = splitPrelude(
          await kit.invoke({ body: { http: { statusCode: 204 }, parts: [] } }),
        );
        assert.deepEqual([prelude.statusCode, rest], [204, '']);
      },
    }),
  ],
};
