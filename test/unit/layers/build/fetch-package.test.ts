import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fetchPackage } from '../../../../layers/build/fetch-package.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

const note = () => {};
const signal = new AbortController().signal;
const options = { what: '"lua" 5.4', next: 'do this', signal, note };
const fill = (text: string) => async (folder: string) => await writeFile(join(folder, 'file'), text);

test('fetchPackage() fills the folder once', async (t) => {
  const home = join(useTmp(t), 'packages/lua-5.4');
  assert.equal(await fetchPackage(home, { ...options, fill: fill('first') }), home);
  await fetchPackage(home, { ...options, fill: () => assert.fail('it is there') });
  assert.equal(readFileSync(join(home, 'file'), 'utf8'), 'first');
});

test('fetchPackage() run twice at once leaves one whole folder', async (t) => {
  const packages = join(useTmp(t), 'packages');
  const home = join(packages, 'lua-5.4');
  await Promise.all(['a', 'b'].map((text) => fetchPackage(home, { ...options, fill: fill(text) })));
  assert.match(readFileSync(join(home, 'file'), 'utf8'), /^[ab]$/);
  assert.deepEqual(readdirSync(packages), ['lua-5.4']);
});

test('fetchPackage() says why and what to do when it fails, and leaves nothing behind', async (t) => {
  const packages = join(useTmp(t), 'packages');
  const failing = async (folder: string) => {
    writeFiles(folder, { half: 'done' });
    throw Object.assign(new Error('exit code 1'), { all: 'no such\nversion\n' });
  };
  await assert.rejects(fetchPackage(join(packages, 'lua-5.4'), { ...options, fill: failing }), {
    code: 'CANNOT',
    message: 'Cannot fetch "lua" 5.4: no such\nversion',
    next: 'do this',
  });
  assert.deepEqual(readdirSync(packages), []);
});

test('fetchPackage() throws the reason of the signal that stopped it', async (t) => {
  const stopping = new AbortController();
  const packages = join(useTmp(t), 'packages');
  const stopped = async () => {
    stopping.abort();
    throw new Error('killed');
  };
  const fetching = fetchPackage(join(packages, 'lua'), {
    ...options,
    fill: stopped,
    signal: stopping.signal,
  });
  await assert.rejects(fetching, { name: 'AbortError' });
  assert.deepEqual(readdirSync(packages), []);
});
