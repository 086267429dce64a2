import assert from 'node:assert/strict';
import { appendFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePart } from '../../../../layers/build/part.ts';
import { readParts } from '../../../../layers/build/parts-file.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const { signal } = new AbortController();
const list = 'function.files';
const entries = () => [{ path: 'a', content: Buffer.from('a'), executable: false }];

test('makePart() leaves the zip of unchanged inputs alone and does not ask for its content', async (t) => {
  const out = useTmp(t);
  const first = await makePart('a', { out, inputs: [1], list, entries, signal });
  const { mtimeMs } = statSync(first.path);
  const second = await makePart('a', {
    out,
    inputs: [1],
    list,
    entries: () => assert.fail('content was asked for'),
    signal,
  });
  assert.equal(first.rebuilt, true);
  assert.deepEqual(second, { ...first, rebuilt: false });
  assert.equal(statSync(first.path).mtimeMs, mtimeMs);
});

test('makePart() writes anew what has other inputs, is missing or was changed', async (t) => {
  const out = useTmp(t);
  const make = async (inputs: unknown) =>
    (await makePart('a', { out, inputs, list, entries, signal })).rebuilt;
  await make(1);
  assert.equal(await make(2), true, 'other inputs');
  rmSync(join(out, 'a.zip'));
  assert.equal(await make(2), true, 'missing');
  appendFileSync(join(out, 'a.zip'), 'x');
  assert.equal(await make(2), true, 'longer');
  rmSync(join(out, 'parts.json'));
  assert.equal(await make(2), true, 'not recorded');
  assert.equal(await make(2), false);
});

test('makePart() writes and records nothing when it was aborted before', async (t) => {
  const out = join(useTmp(t), 'dist');
  await assert.rejects(makePart('a', { out, inputs: 1, list, entries, signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
  assert.equal(existsSync(out), false);
  assert.deepEqual(readParts(out), {});
});
