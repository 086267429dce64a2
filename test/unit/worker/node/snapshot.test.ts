import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost, type TestHost } from './start-host.ts';

const post = (host: TestHost, path: string) => host.send('POST', path, { 'pilotlight-token': host.token });

test('snapshot hooks run in the order of snapshots: the last registered first before, the first first after', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': `const calls = [];
      const { beforeSnapshot, afterRestore } = pilotlight;
      beforeSnapshot(async () => { await null; calls.push('before 1'); });
      beforeSnapshot(() => calls.push('before 2'));
      afterRestore(async () => { await null; calls.push('after 1'); });
      afterRestore(() => calls.push('after 2'));
      export const handler = async () => calls;`,
  });
  assert.equal((await post(host, '/before-snapshot')).status, 200);
  assert.equal((await post(host, '/after-restore')).status, 200);
  assert.deepEqual((await host.invoke()).json, ['before 2', 'before 1', 'after 1', 'after 2']);
});

for (const [path, hook, errorType] of [
  ['/before-snapshot', 'beforeSnapshot', 'Runtime.BeforeSnapshotError'],
  ['/after-restore', 'afterRestore', 'Runtime.AfterRestoreError'],
] as const) {
  test(`a ${hook} hook that fails is an error of its own, with the stack of its cause`, async (t) => {
    const host = await startHost(t, {
      'function.bundle.js': `pilotlight.${hook}(async () => { throw new RangeError('closed'); });
        export const handler = async () => 1;`,
    });
    const { status, json } = await post(host, path);
    assert.equal(status, 500);
    assert.partialDeepStrictEqual(json, { errorType, errorMessage: 'RangeError: closed' });
    assert.match(String(json.trace), /function\.bundle\.js:1/);
  });
}
