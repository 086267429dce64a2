import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfContents } from '../../../../layers/build/part-list.ts';
import { writeZip, type ZipEntry } from '../../../../layers/build/zip.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { readZip } from '../read-zip.ts';

const ENTRIES: readonly ZipEntry[] = [
  { path: 'b/run', content: Buffer.from('#!/bin/sh\n'), executable: true },
  { path: 'a.txt', content: Buffer.from('ä'.repeat(3000)), executable: false },
  { path: 'empty', content: Buffer.alloc(0), executable: false },
  { path: 'link', linkTarget: 'b/run' },
];

test('writeZip() keeps paths, content, executable bits and links, sorted and dated 1980', async (t) => {
  const zip = join(useTmp(t), 'deep/down/a.zip');
  const { bytes } = await writeZip(zip, ENTRIES);
  const entries = await readZip(zip);
  assert.deepEqual(
    entries.map(({ path, mode, content }) => [path, mode, content.length]),
    [
      ['a.txt', '100644', 6000],
      ['b/run', '100755', 10],
      ['empty', '100644', 0],
      ['link', '120777', 5],
    ],
  );
  assert.deepEqual(new Set(entries.map(({ time }) => time.toDateString())), new Set(['Tue Jan 01 1980']));
  assert.equal(readFileSync(zip).length, bytes);
});

test('writeZip() writes the same bytes whatever the order, time zone and umask', async (t) => {
  const folder = useTmp(t);
  const { sha256 } = await writeZip(join(folder, 'a.zip'), ENTRIES);
  const program = `
    import { writeZip } from ${JSON.stringify(import.meta.resolve('../../../../layers/build/zip.ts'))};
    process.umask(0o077);
    const entries = JSON.parse(process.argv[1]).map((entry) =>
      entry.content ? { ...entry, content: Buffer.from(entry.content) } : entry);
    console.log((await writeZip(process.argv[2], entries)).sha256);`;
  for (const zone of ['Pacific/Auckland', 'America/Los_Angeles']) {
    const args = ['--input-type=module-typescript', '-e', program];
    const values = [JSON.stringify(ENTRIES.toReversed()), join(folder, 'b.zip')];
    const child = spawnSync(process.execPath, [...args, ...values], { env: { TZ: zone }, encoding: 'utf8' });
    assert.equal(child.stdout.trim(), sha256, child.stderr);
  }
});

test('writeZip() stores without compression at level 0', async (t) => {
  const folder = useTmp(t);
  const { bytes: stored } = await writeZip(join(folder, 'a.zip'), ENTRIES, { level: 0 });
  const { bytes: packed } = await writeZip(join(folder, 'b.zip'), ENTRIES, { level: 9 });
  assert.ok(stored > 6000 && packed < 1000, `${stored} and ${packed} bytes`);
});

test('writeZip() leaves the older zip and nothing else when it is aborted in the middle', async (t) => {
  const folder = useTmp(t);
  const zip = join(folder, 'a.zip');
  writeFileSync(zip, 'older');
  const stopping = new AbortController();
  let chunksRead = 0;
  const content = randomBytes(32 << 20);
  // Aborted from within the reading of the content, so that part of the zip is on disk by then.
  const watched = new Proxy(content, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target);
      if (key !== 'subarray') return value;
      if (++chunksRead === 20) stopping.abort();
      return target.subarray.bind(target);
    },
  });
  const entry = { path: 'large', content: watched, executable: false };
  await assert.rejects(writeZip(zip, [entry], { signal: stopping.signal }), { name: 'AbortError' });
  assert.ok(chunksRead < 32, `${chunksRead} chunks of 32 were read`);
  assert.deepEqual(readdirSync(folder), ['a.zip']);
  assert.equal(readFileSync(zip, 'utf8'), 'older');
});

test('digestOfContents() follows paths, modes, links and bytes, not the order', () => {
  const digest = digestOfContents(ENTRIES);
  assert.equal(digestOfContents(ENTRIES.toReversed()), digest);
  const [run, ...others] = ENTRIES;
  assert.ok(run && 'content' in run);
  for (const other of [
    { ...run, path: 'c/run' },
    { ...run, executable: false },
    { ...run, content: Buffer.from('#!/bin/SH\n') },
    { path: run.path, linkTarget: '#!/bin/sh\n' },
  ]) {
    assert.notEqual(digestOfContents([other, ...others]), digest);
  }
});
