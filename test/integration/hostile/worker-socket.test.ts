import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useBootstrap } from '../../helpers/use-bootstrap.ts';
import { useHostile } from './hostile-suite.ts';

/** What its own caller gets of a worker that cannot be understood. */
const BROKEN = /^Runtime\.Worker(Garbled|Unreachable)$/;

describe('a bundle that meddles with its worker socket changes no other answer', () => {
  const hostile = useHostile('worker-socket.mjs', { timeoutS: 10 });

  test('a request without the token is refused, and invokes nothing', async () => {
    assert.deepEqual((await hostile.act({ act: 'noToken' })).value, [{ status: 403, body: '' }, 0]);
  });

  test('a request with a guessed token is refused, and invokes nothing', async () => {
    const { value } = await hostile.act({ act: 'guess' });
    assert.deepEqual(value, [[403, 403, 403, 403, 403, 403], 0]);
  });

  test('a request with the token from its own memory invokes itself, and goes nowhere else (harmless)', async () => {
    const { value } = await hostile.act({ act: 'ownToken' });
    assert.deepEqual(value, [{ status: 200, body: '1' }, 1]);
  });

  test('two answers at once: the second is not the next answer (harmless)', async () => {
    assert.equal((await hostile.act({ act: 'twice' })).value, 'forged');
  });

  test('an answer behind the right one is not the next answer, but may cost it an error (possible)', async () => {
    await hostile.lambda.call('hostile', {});
    assert.equal((await hostile.lambda.call('hostile', { act: 'late' })).value, 'the right one');
    // Whether it comes before the next request or after it is a matter of microseconds.
    const { value, failed } = await hostile.lambda.call('hostile', { id: 'next' });
    if (failed) assert.match((value as { errorType: string }).errorType, BROKEN);
    else assert.deepEqual(value, { id: 'next' });
    await hostile.act({ act: 'count' });
  });

  test('a head of 10 MB ends the worker, not the bootstrap (harmless)', async () => {
    const { value, failed } = await hostile.act({ act: 'hugeHeader' });
    assert.ok(failed);
    assert.match((value as { errorType: string }).errorType, BROKEN);
  });

  test('what is no HTTP ends the worker, not the bootstrap (harmless)', async () => {
    const { value } = await hostile.act({ act: 'noise' });
    assert.match((value as { errorType: string }).errorType, BROKEN);
  });

  test('an error with a name of 1 MB, or with lines in it, makes no header (harmless)', async () => {
    for (const act of ['hugeErrorName', 'splitErrorName']) {
      const { value, failed } = await hostile.act({ act });
      assert.ok(failed);
      assert.equal((value as { errorMessage: string }).errorMessage, 'x');
    }
  });

  test('forged lines to the bootstrap are ignored (harmless)', async () => {
    assert.equal((await hostile.act({ act: 'forgeLines' })).value, true);
  });

  test('a worker that closes its descriptors goes on, or is replaced (harmless)', async () => {
    assert.equal((await hostile.act({ act: 'closeLines' })).value, 'closed');
  });
});

test('a forged line before the worker is ready fails its own init (harmless)', async (t) => {
  const forged = '{"kind":"ready","protocol":9,"host":"forged"}';
  const { api, exited } = await useBootstrap(t, {
    files: {
      'function.bundle.js': `
        import { writeSync } from 'node:fs';
        writeSync(3, ${JSON.stringify(`${forged}\n`)});
        export const handler = () => 1;`,
    },
  });
  assert.equal(JSON.parse(String((await api.initError()).body)).errorType, 'Runtime.ProtocolMismatch');
  assert.equal(await exited, 1);
});
