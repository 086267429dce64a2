import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { useLocalLambda } from '../../helpers/use-local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { makeZip, patch } from '../../unit/emulator/sandbox/make-zip.ts';

const TRAPS = readFileSync(join(import.meta.dirname, '../../fixtures/hostile/files.mjs'));

describe('a bundle that sets traps in /tmp for the next bootstrap changes no other answer', () => {
  for (const [act, what] of [
    ['linkInside', 'links in place of its folders are not followed'],
    ['linkOwner', "a link in place of its owner's name is not followed"],
    ['linkFolder', 'a link in place of its folder is left alone'],
    ['fileForFolder', 'a file in place of its folder is left alone'],
  ] as const) {
    test(`${what} (harmless)`, async (t) => {
      const files = { 'function.bundle.js': TRAPS };
      const lambda = await useLocalLambda(t, { traps: { files } }, { isolation: 'auto', maxEnvironments: 1 });
      assert.ok((await lambda.call('traps', { act })).failed);
      const { value } = await lambda.call('traps', { id: 1 });
      assert.deepEqual(value, { id: 1, isKept: true });
    });
  }

  test('all names of its folder taken: a sandbox with process ids of its own starts again (possible elsewhere)', async (t) => {
    const files = { 'function.bundle.js': TRAPS };
    const lambda = await useLocalLambda(t, { traps: { files } }, { isolation: 'auto', maxEnvironments: 1 });
    await lambda.call('traps', { act: 'takeAllNames' });
    const { value } = await lambda.call('traps', { id: 1 });
    // The owner that the folders name, process 1, lives on where it is the machine's.
    const expected = { errorType: 'Runtime.PrepareFailed' };
    assert.partialDeepStrictEqual(
      value,
      lambda.isolation.name === 'paths' ? expected : { id: 1, isKept: true },
    );
  });
});

for (const [name, what] of [
  ['../escape.txt', 'leads out of its folder'],
  ['/escape.txt', 'is absolute'],
] as const) {
  test(`a function whose zip has an entry that ${what} is not deployed (refused)`, async (t) => {
    const folder = useTmp(t);
    const plain = 'x'.repeat(name.length);
    const items = { 'function.bundle.js': { content: 'export const handler = () => 1' }, [plain]: {} };
    const zip = await makeZip(join(folder, 'escape.zip'), items, patch(plain, name));
    await assert.rejects(
      async () => {
        const lambda = await useLocalLambda(t, { escape: { zip } }, { isolation: 'auto' });
        await lambda.call('escape', {});
      },
      { code: 'CANNOT' },
    );
    assert.equal(existsSync('/escape.txt'), false);
  });
}
