import assert from 'node:assert/strict';
import type { Group } from '../case.ts';
import { DIRECT_INVOKE, HANDLERS, HTTP, RELEASE, RUNTIME_API } from './sources.ts';

/** Headers of a bootstrap's requests. */
export const headersOut: Group = {
  name: 'headers out',
  cases: [
    {
      name: 'headers-out-content-type',
      clause:
        'A type is handed to the caller: that of a result that is JSON is application/json, or none is sent.',
      source: HANDLERS,
      does: 'takes a result',
      expects: 'that type or none',
      async run(kit) {
        const answer = await kit.invoke({});
        assert.match(answer.header('content-type') ?? 'application/json', /^application\/json\b/);
      },
    },
    {
      name: 'headers-out-error-type-of-content',
      clause: 'An error is JSON; a type that is sent says so.',
      source: RUNTIME_API,
      does: 'takes a function error',
      expects: 'application/json, application/vnd.aws.lambda.error+json, or none',
      needs: ['throw'],
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        assert.match(
          answer.header('content-type') ?? 'application/json',
          /^application\/(json|vnd\.aws\.lambda\.error(\.cause)?\+json)\b/,
        );
      },
    },
    {
      name: 'headers-out-framing',
      clause: 'A body has a length or is chunked, never both or neither.',
      source: HTTP,
      does: 'takes a result',
      expects: 'one of the two headers, once',
      async run(kit) {
        const answer = await kit.invoke({});
        const framing = answer.headers.filter(([name]) =>
          ['content-length', 'transfer-encoding'].includes(name),
        );
        assert.equal(framing.length, 1, `got ${JSON.stringify(framing)}`);
      },
    },
    {
      name: 'headers-out-no-mode',
      clause: 'Only a stream has a response mode: any other value than "streaming" wedges the environment.',
      source: HANDLERS,
      does: 'takes a whole result',
      expects: 'no Lambda-Runtime-Function-Response-Mode',
      async run(kit) {
        const answer = await kit.invoke({});
        assert.equal(answer.header('lambda-runtime-function-response-mode'), undefined);
      },
    },
    {
      name: 'headers-out-user-agent',
      clause: 'The first word of User-Agent names the runtime and its version: Lambda records it.',
      source: RELEASE,
      does: 'reads a poll',
      expects: '<name>/<version>',
      async run(kit) {
        const poll = await kit.poll();
        assert.match(poll.header('user-agent') ?? '(none)', /^[\w.-]+\/\S+/);
      },
    },
    {
      name: 'headers-out-features',
      clause: 'Lambda-Runtime-Features is a few words; 128 characters are kept, parentheses are not.',
      source: RELEASE,
      does: 'reads a poll',
      expects: 'no such header, or words within those bounds',
      async run(kit) {
        const poll = await kit.poll();
        assert.match(poll.header('lambda-runtime-features') ?? '', /^[^()]{0,128}$/);
      },
    },
    {
      name: 'headers-out-of-a-result',
      clause: 'A result has no error headers.',
      source: DIRECT_INVOKE,
      does: 'takes an error and then a result',
      expects: 'neither error type nor cause with the result',
      needs: ['throw'],
      async run(kit) {
        await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        const answer = await kit.invoke({});
        const names = answer.headers.map(([name]) => name).filter((name) => name.includes('error'));
        assert.deepEqual(names, []);
      },
    },
  ],
};
