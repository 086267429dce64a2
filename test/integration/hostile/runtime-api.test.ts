import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { useLocalLambda } from '../../helpers/use-local-lambda.ts';
import { useHostile } from './hostile-suite.ts';

describe('a bundle that speaks to the Runtime API itself changes no other answer', () => {
  const hostile = useHostile('runtime-api.mjs');
  const act = async (name: string) => {
    // A new worker may have taken the place of the one that knew.
    assert.equal((await hostile.act({ act: 'find' })).value, 'pong');
    return (await hostile.act({ act: name })).value;
  };

  test('its port is found beside the bootstrap (possible)', async () => {
    assert.equal((await hostile.act({ act: 'find' })).value, 'pong');
  });

  test('an answer of its own is taken for its own invocation (possible)', async () => {
    assert.equal(await act('forgeOwn'), 'forged');
  });

  test("an answer with another invocation's id is refused", async () => {
    assert.partialDeepStrictEqual(await act('forgeOther'), { status: 400 });
  });

  test('an answer to an invocation that is over is refused', async () => {
    assert.partialDeepStrictEqual(await act('late'), { status: 400 });
  });

  test('an init error after the init is refused', async () => {
    assert.partialDeepStrictEqual(await act('initError'), { status: 403 });
  });

  test('a poll while an event runs gets that event again (harmless)', async () => {
    assert.deepEqual(await act('poll'), { status: 200, isOwn: true });
  });

  test('a poll after its answer takes the next event, which it can then answer (possible)', async () => {
    await hostile.lambda.call('hostile', { act: 'find' });
    await hostile.lambda.call('hostile', { act: 'steal' });
    const { value } = await hostile.lambda.call('hostile', { afterTheft: true });
    assert.equal(value, 'stolen');
    // From then on all is as before.
    await hostile.act({ act: 'find' });
  });
});

test("another environment's Runtime API can be reached: the local Lambda's share a network (possible)", async (t) => {
  const bundle = readFileSync(join(import.meta.dirname, '../../fixtures/hostile/runtime-api.mjs'));
  const files = { 'function.bundle.js': bundle };
  const lambda = await useLocalLambda(t, { mine: { files }, other: { files } }, { isolation: 'auto' });
  const { value: otherPort } = await lambda.call('other', { act: 'tellPort' });
  assert.equal((await lambda.call('mine', { act: 'cross', otherPort })).value, 'pong');
});
