import assert from 'node:assert/strict';
import type { ApiRequest } from '../api/api-request.ts';
import type { Group } from '../case.ts';
import { DIRECT_INVOKE, FATAL_ERROR, LIFECYCLE, RUNTIME_API } from './sources.ts';

const TYPE_HEADER = 'lambda-runtime-function-error-type';
const CAUSE_HEADER = 'lambda-runtime-function-xray-error-cause';
const MAX_HEAD_BYTES = 1024 * 1024;

interface ErrorBody {
  readonly errorType: unknown;
  readonly errorMessage: unknown;
}

function bodyOf(answer: ApiRequest): ErrorBody {
  const body = answer.json as ErrorBody;
  assert.equal(typeof body.errorType, 'string', 'errorType');
  assert.equal(typeof body.errorMessage, 'string', 'errorMessage');
  return body;
}

/** What a caller and Lambda's metrics get to know of a failure. */
export const functionErrors: Group = {
  name: 'function errors',
  cases: [
    {
      name: 'error-body',
      clause: 'An error is JSON with errorType and errorMessage, both text.',
      source: RUNTIME_API,
      does: 'lets the handler fail',
      expects: 'both, the message as the handler gave it',
      needs: ['throw'],
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        const { errorType, errorMessage } = bodyOf(answer);
        assert.match(String(errorMessage), /on purpose/);
        assert.notEqual(errorType, '');
      },
    },
    {
      name: 'error-trace',
      clause: 'A trace is a list of text.',
      source: RUNTIME_API,
      does: 'lets the handler fail',
      expects: 'stackTrace or trace, where there is one, as a list',
      needs: ['throw'],
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        const { stackTrace, trace } = answer.json as Record<string, unknown>;
        for (const each of [stackTrace, trace])
          assert.ok(each === undefined || each === null || Array.isArray(each));
      },
    },
    {
      name: 'error-type-header',
      clause:
        'A category is kept when it reads Runtime.Name or Function.Name; another counts as the runtime’s failure.',
      source: FATAL_ERROR,
      does: 'lets the handler fail',
      expects: 'no header, or one of that form',
      needs: ['throw'],
      proof: `${FATAL_ERROR}: what does not match becomes Runtime.Unknown`,
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        const type = answer.header(TYPE_HEADER);
        if (type !== undefined) assert.match(type, /(Runtime|Function)\.[A-Z][a-zA-Z]+/);
      },
    },
    {
      name: 'error-cause-header',
      clause:
        'The X-Ray cause is JSON on one line, below 1 MiB, with exceptions, paths and the working directory.',
      source: DIRECT_INVOKE,
      does: 'lets the handler fail with a message of two lines',
      expects: 'no header, or one of that form',
      needs: ['throw'],
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'zwei\nZeilen ü' } });
        const cause = answer.header(CAUSE_HEADER);
        if (cause === undefined) return;
        assert.ok(cause.length < MAX_HEAD_BYTES);
        const read = JSON.parse(Buffer.from(cause, 'latin1').toString('utf8')) as {
          exceptions: { message: string }[];
          paths: unknown;
          working_directory: unknown;
        };
        const { exceptions, paths, working_directory: folder } = read;
        assert.equal(typeof folder, 'string', 'working_directory');
        assert.match(exceptions[0]?.message ?? '', /Zeilen ü/);
        assert.ok(Array.isArray(paths));
      },
    },
    {
      name: 'error-large',
      clause: 'A large message may not cost more than its own invocation.',
      source: FATAL_ERROR,
      does: 'lets the handler fail with 300,000 characters',
      expects: 'an error whose headers stay below 1 MiB, then service as before',
      needs: ['throw'],
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'é'.repeat(300_000) } });
        const headBytes = answer.headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
        assert.ok(headBytes < MAX_HEAD_BYTES, `${headBytes} bytes of headers`);
        await kit.serves();
      },
    },
    {
      name: 'error-control-characters',
      clause: 'What cannot stand in a header is escaped there: no message keeps an error from being told.',
      source: 'RFC 9110, "HTTP Semantics", section 5.5',
      does: 'lets the handler fail with DEL and a line end in its message',
      expects: 'an error whose headers hold neither, then service as before',
      needs: ['throw'],
      proof:
        'RFC 9110, section 5.5: DEL is no character of a value; aws/aws-lambda-nodejs-runtime-interface-client pull request 100',
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'throw', message: 'a\u007fb\r\nc' } });
        for (const [name, value] of answer.headers) assert.match(value, /^[\t\x20-\x7e\x80-\xff]*$/, name);
        bodyOf(answer);
        await kit.serves();
      },
    },
    {
      name: 'error-reject',
      clause: 'A promise that is rejected is a function error.',
      source: 'AWS Lambda Developer Guide, "Define Lambda function handler in Node.js"',
      does: 'lets the handler reject',
      expects: 'an error with the message',
      needs: ['reject'],
      async run(kit) {
        const answer = await kit.invokeError({ body: { action: 'reject', message: 'later' } });
        assert.equal(bodyOf(answer).errorMessage, 'later');
      },
    },
    {
      name: 'error-value',
      clause: 'What is thrown may be any value.',
      source: 'aws/aws-lambda-nodejs-runtime-interface-client src/Errors.js',
      does: 'lets the handler throw a text, null and an object',
      expects: 'an error each, then service as before',
      needs: ['throw-value'],
      async run(kit) {
        for (const value of ['text', null, { a: 1 }]) {
          bodyOf(await kit.invokeError({ body: { action: 'throw-value', value } }));
        }
        await kit.serves();
      },
    },
    {
      name: 'error-exit',
      clause: 'When the function ends its process, that is the invocation’s failure: no result is sent.',
      source: LIFECYCLE,
      does: 'lets the handler exit with 3',
      expects: 'an error for the event, or the end',
      needs: ['exit'],
      async run(kit) {
        const id = await kit.deliver({ body: { action: 'exit', code: 3 } });
        const request = await kit.requestOrEnd();
        if (request === undefined) return;
        assert.equal(request.path, `/2018-06-01/runtime/invocation/${id}/error`);
        bodyOf(await request.whole());
        request.accept();
        await kit.pollOrEnd();
      },
    },
    {
      name: 'error-killed',
      clause: 'When the function’s process is killed, that is the invocation’s failure: no result is sent.',
      source: LIFECYCLE,
      does: 'lets the handler kill its process',
      expects: 'an error for the event, or the end',
      needs: ['exit'],
      async run(kit) {
        const id = await kit.deliver({ body: { action: 'kill' } });
        const request = await kit.requestOrEnd();
        if (request === undefined) return;
        assert.equal(request.path, `/2018-06-01/runtime/invocation/${id}/error`);
        bodyOf(await request.whole());
      },
    },
  ],
};
