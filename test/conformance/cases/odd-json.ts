import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import { JSON_TEXT, RUNTIME_API } from './sources.ts';

/** An event of any JSON comes back with the same meaning. */
function comesBack(name: string, text: string, what: string): ConformanceCase {
  return {
    name,
    clause: `An event may be any JSON text: ${what}.`,
    source: JSON_TEXT,
    does: `sends ${text.length > 60 ? `${text.length} bytes` : text}`,
    expects: 'the same value as the result',
    async run(kit) {
      const answer = await kit.invoke({ body: Buffer.from(text) });
      assert.deepEqual(answer.json, JSON.parse(text));
    },
  };
}

/** What is no JSON costs its own invocation and no other. */
function costsOneOnly(name: string, bytes: Uint8Array, what: string): ConformanceCase {
  return {
    name,
    clause: `An event that cannot be read fails its own invocation alone: ${what}.`,
    source: RUNTIME_API,
    does: 'sends it, then an event as usual',
    expects: 'an error for the first, a result for the second',
    needs: ['json'],
    proof: `${RUNTIME_API}: the error of an invocation is posted to its error path; only init errors end a runtime`,
    async run(kit) {
      await kit.invokeError({ body: bytes });
      await kit.serves();
    },
  };
}

/** Events and results that are unusual JSON, or none. */
export const oddJson: Group = {
  name: 'odd JSON',
  cases: [
    comesBack('json-null', 'null', 'null'),
    comesBack('json-boolean', 'false', 'a boolean'),
    comesBack('json-number', '-12.5e3', 'a number'),
    comesBack('json-string', '"text"', 'a string'),
    comesBack('json-array', '[1,[2,[3]],{}]', 'an array'),
    comesBack('json-blanks', ' \t\r\n {"a" : [ 1 , 2 ] } \n', 'blanks around and within it'),
    comesBack(
      'json-proto',
      '{"__proto__":{"a":1},"constructor":2}',
      'names that mean something to a language',
    ),
    comesBack('json-deep', `${'['.repeat(60)}${']'.repeat(60)}`, 'lists 60 deep'),
    comesBack('json-escapes', '"\\u0000\\u001f\\/\\"\\\\\\b"', 'escapes, NUL among them'),
    costsOneOnly('json-truncated', Buffer.from('{"a":'), 'half a text'),
    costsOneOnly('json-garbage', Buffer.from('<xml/>'), 'another language'),
    {
      name: 'json-empty-body',
      clause: 'An event without a byte is an event: it is answered, and the next one served.',
      source: RUNTIME_API,
      does: 'sends Content-Length: 0',
      expects: 'exactly one answer, a result or an error',
      needs: ['json'],
      proof: `${RUNTIME_API}: whatever the event, its invocation is answered on the response or the error path`,
      async run(kit) {
        const answer = await kit.ask({ body: Buffer.alloc(0) });
        answer.accept();
        await kit.serves();
      },
    },
    {
      name: 'json-nothing',
      clause: 'A handler that answers nothing has the result null.',
      source: 'AWS Lambda Developer Guide, "Define Lambda function handler in Node.js"',
      does: 'lets the handler answer nothing',
      expects: 'null',
      needs: ['nothing'],
      async run(kit) {
        assert.equal((await kit.invoke({ body: { action: 'nothing' } })).text, 'null');
      },
    },
    {
      name: 'json-unwritable',
      clause: 'A result that cannot become JSON is a function error.',
      source: RUNTIME_API,
      does: 'lets the handler answer such a value',
      expects: 'an error, then service as before',
      needs: ['unwritable'],
      async run(kit) {
        await kit.invokeError({ body: { action: 'unwritable' } });
        await kit.serves();
      },
    },
  ],
};
