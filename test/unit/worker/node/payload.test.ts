import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost } from './start-host.ts';

const ECHO = { 'function.bundle.js': 'export const handler = async (event) => event;' };

test('events of every JSON kind come back as they are', async (t) => {
  const host = await startHost(t, ECHO);
  for (const json of [
    'null',
    '[]',
    '[1,{"a":null}]',
    '"text"',
    '0',
    '-1.5e300',
    'true',
    '{}',
    '"\\ud800"',
    '"ünï☃😀"',
  ]) {
    const answer = await host.invoke(json);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, JSON.parse(json));
    assert.equal(Number(answer.headers['content-length']), Buffer.byteLength(answer.text));
  }
});

test('empty event is an empty object, a byte order mark is no part of the event', async (t) => {
  const host = await startHost(t, ECHO);
  assert.equal((await host.invoke('')).text, '{}');
  assert.equal((await host.invoke('\ufeff{"a":1}')).text, '{"a":1}');
});

test('event that is no JSON fails its invocation alone', async (t) => {
  const host = await startHost(t, ECHO);
  for (const text of ['{', ' ', 'undefined', '{"a":1}}']) {
    const answer = await host.invoke(text);
    assert.equal(answer.status, 500);
    assert.equal(answer.json.errorType, 'Runtime.UnmarshalError');
    assert.equal(answer.headers['lambda-runtime-function-error-type'], 'Runtime.UnmarshalError');
  }
  assert.equal((await host.invoke('1')).text, '1');
});

test('event and result of 6 MB pass whole', async (t) => {
  const host = await startHost(t, ECHO);
  const event = JSON.stringify('é'.repeat(3_000_000));
  for (const _ of [1, 2]) assert.ok((await host.invoke(event)).text === event);
});

test('result that cannot be written is Runtime.JSONStringifyError', async (t) => {
  const code = `const cycle = {}; cycle.self = cycle;
    const results = [1n, cycle, { toJSON() { throw new Error('no') } }, { toJSON() { throw null } }];
    export const handler = async (index) => results[index];`;
  const host = await startHost(t, { 'function.bundle.js': code });
  for (const index of ['0', '1', '2', '3']) {
    const answer = await host.invoke(index);
    assert.equal(answer.status, 500);
    assert.equal(answer.json.errorType, 'Runtime.JSONStringifyError');
  }
});
