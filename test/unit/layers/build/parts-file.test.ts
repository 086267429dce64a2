import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readParts, recordPart } from '../../../../layers/build/parts-file.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const PART = { zip: 'a.zip', bytes: 1, sha256: 'a', contentsSha256: 'b', inputsSha256: 'c' };

test('recordPart() adds to and replaces in what others recorded, and leaves one file', (t) => {
  const out = useTmp(t);
  recordPart(out, 'b', PART);
  recordPart(out, 'a', PART);
  recordPart(out, 'b', { ...PART, bytes: 2 });
  assert.deepEqual(Object.entries(readParts(out)), [
    ['a', PART],
    ['b', { ...PART, bytes: 2 }],
  ]);
  assert.deepEqual(readdirSync(out), ['parts.json']);
});

test('readParts() takes what it understands of a damaged file and never fails', (t) => {
  const out = useTmp(t);
  assert.deepEqual(readParts(out), {});
  for (const text of ['', '{"a":', '[]', 'null', '"a"']) {
    writeFileSync(join(out, 'parts.json'), text);
    assert.deepEqual(readParts(out), {}, text);
  }
  writeFileSync(join(out, 'parts.json'), JSON.stringify({ a: PART, b: { ...PART, bytes: '1' }, c: null }));
  assert.deepEqual(readParts(out), { a: PART });
});
