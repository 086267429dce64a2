import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ToolError } from '../../../../runtime/cli/tool-error.ts';
import { composeParts, MAX_UNPACKED_BYTES } from '../../../../runtime/emulator/sandbox/compose-parts.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { makeZip, patch } from './make-zip.ts';

const LINK = 0o120777;

async function useFolders(t: TestContext) {
  const tmp = useTmp(t);
  const opt = join(tmp, 'opt');
  await mkdir(opt);
  return { opt, zip: join(tmp, 'a.zip'), second: join(tmp, 'b.zip'), tmp };
}

async function modeOf(path: string): Promise<number> {
  return (await lstat(path)).mode & 0o777;
}

function cannot(pattern: RegExp) {
  return (error: unknown) =>
    error instanceof ToolError && error.code === 'CANNOT' && pattern.test(error.message);
}

test('composeParts() lets a later layer replace files of an earlier one', async (t) => {
  const { opt, zip, second } = await useFolders(t);
  await makeZip(zip, { 'bin/tool': { content: 'old' }, 'lib/kept': { content: 'kept' } });
  await makeZip(second, {
    'bin/tool': { content: 'new' },
    bootstrap: { content: '#!/bin/sh', mode: 0o100755 },
  });
  const bytes = await composeParts([zip, second], opt);
  assert.equal(await readFile(join(opt, 'bin/tool'), 'utf8'), 'new');
  assert.equal(await readFile(join(opt, 'lib/kept'), 'utf8'), 'kept');
  assert.equal(await modeOf(join(opt, 'bootstrap')), 0o755);
  assert.equal(bytes, 'oldkeptnew#!/bin/sh'.length);
});

test('composeParts() replaces a link, a folder and a file by what a later layer has under their names', async (t) => {
  const { opt, zip, second, tmp } = await useFolders(t);
  const outside = join(tmp, 'outside');
  await writeFile(outside, 'untouched');
  await makeZip(zip, {
    'a-link': { content: outside, mode: LINK },
    'a-folder/inner/file': {},
    'a-file': {},
  });
  await makeZip(second, {
    'a-link': { content: 'file' },
    'a-folder': { content: 'file' },
    'a-file/inner': {},
  });
  await composeParts([zip, second], opt);
  assert.equal(await readFile(join(opt, 'a-link'), 'utf8'), 'file');
  assert.equal(await readFile(join(opt, 'a-folder'), 'utf8'), 'file');
  assert.deepEqual(await readdir(join(opt, 'a-file')), ['inner']);
  assert.equal(await readFile(outside, 'utf8'), 'untouched');
});

test('composeParts() keeps the modes of files and opens folders for everyone', async (t) => {
  const { opt, zip } = await useFolders(t);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  await makeZip(zip, {
    'closed/': { mode: 0o040700 },
    'closed/program': { mode: 0o100755 },
    secret: { mode: 0o100000 },
    'made/on/the/way': { mode: 0o104640 },
  });
  await composeParts([zip], opt);
  assert.equal(await modeOf(join(opt, 'closed')), 0o755);
  assert.equal(await modeOf(join(opt, 'made/on')), 0o755);
  assert.equal(await modeOf(join(opt, 'closed/program')), 0o755);
  assert.equal(await modeOf(join(opt, 'secret')), 0);
  assert.equal(await modeOf(join(opt, 'made/on/the/way')), 0o640);
});

test('composeParts() gives mode 0644 to files of zips without Unix attributes', async (t) => {
  const { opt, zip } = await useFolders(t);
  const madeOnUnix = Buffer.from([0x50, 0x4b, 1, 2, 63, 3]).toString('latin1');
  const madeOnDos = Buffer.from([0x50, 0x4b, 1, 2, 63, 0]).toString('latin1');
  await makeZip(zip, { file: { mode: 0o100777 } }, patch(madeOnUnix, madeOnDos));
  await composeParts([zip], opt);
  assert.equal(await modeOf(join(opt, 'file')), 0o644);
});

test('composeParts() keeps links, also those that lead outside', async (t) => {
  const { opt, zip } = await useFolders(t);
  await makeZip(zip, {
    'lib/a.so': { content: 'a.so.1', mode: LINK },
    out: { content: '../../etc/passwd', mode: LINK },
  });
  await composeParts([zip], opt);
  assert.equal(await readlink(join(opt, 'lib/a.so')), 'a.so.1');
  assert.equal(await readlink(join(opt, 'out')), '../../etc/passwd');
});

for (const [name, from, to] of [
  ['climbs out of the folder', 'xx/evil', '../evil'],
  ['is absolute', 'xx/evil', '//xevil'],
  ['climbs out from further down', 'a/xx/xx/evil', 'a/../../evil'],
] as const) {
  test(`composeParts() refuses an entry whose name ${name}`, async (t) => {
    const { opt, zip, tmp } = await useFolders(t);
    await makeZip(zip, { [from]: { content: 'evil' } }, patch(from, to));
    await assert.rejects(composeParts([zip], opt), cannot(/a\.zip/));
    assert.deepEqual((await readdir(tmp)).sort(), ['a.zip', 'opt']);
    assert.deepEqual(await readdir(opt), []);
  });
}

test('composeParts() refuses to write through a link of the same zip', async (t) => {
  const { opt, zip, tmp } = await useFolders(t);
  const outside = join(tmp, 'outside');
  await mkdir(outside);
  await makeZip(zip, { way: { content: outside, mode: LINK }, 'way/evil': { content: 'evil' } });
  await assert.rejects(composeParts([zip], opt), cannot(/through a link/));
  assert.deepEqual(await readdir(outside), []);
});

test('composeParts() refuses to write through a link of an earlier layer', async (t) => {
  const { opt, zip, tmp } = await useFolders(t);
  const outside = join(tmp, 'outside');
  await mkdir(outside);
  await mkdir(join(opt, 'a'));
  await symlink(outside, join(opt, 'a/way'));
  await makeZip(zip, { 'a/way/': { mode: 0o040755 }, 'a/way/evil': {} });
  await assert.rejects(composeParts([zip], opt), cannot(/through a link/));
  assert.deepEqual(await readdir(outside), []);
});

test('composeParts() notices that a link took the place of a folder it had seen', async (t) => {
  const { opt, zip, tmp } = await useFolders(t);
  const outside = join(tmp, 'outside');
  await mkdir(outside);
  await makeZip(
    zip,
    { 'way/first': {}, wxy: { content: outside, mode: LINK }, 'way/evil': {} },
    patch('wxy', 'way'),
  );
  await assert.rejects(composeParts([zip], opt), cannot(/through a link/));
  assert.deepEqual(await readdir(outside), []);
});

test('composeParts() refuses devices and pipes', async (t) => {
  const { opt, zip } = await useFolders(t);
  await makeZip(zip, { pipe: { mode: 0o010644 } });
  await assert.rejects(composeParts([zip], opt), cannot(/pipe/));
  assert.deepEqual(await readdir(opt), []);
});

test('composeParts() names the sum when function and layers are larger than Lambda allows', async (t) => {
  const { opt, zip, second } = await useFolders(t);
  await makeZip(zip, { a: { content: '12' } });
  await makeZip(second, { b: { content: '345' } });
  const sum = String(MAX_UNPACKED_BYTES + 1);
  await assert.rejects(
    composeParts([zip, second], opt, { otherBytes: MAX_UNPACKED_BYTES - 4 }),
    cannot(new RegExp(sum)),
  );
  assert.deepEqual(await readdir(opt), []);
  assert.equal(await composeParts([zip, second], opt, { otherBytes: MAX_UNPACKED_BYTES - 5 }), 5);
});

test('composeParts() stops at an entry that is larger than its zip says', async (t) => {
  const { opt, zip } = await useFolders(t);
  await makeZip(zip, { bomb: { content: 'x'.repeat(100_000) } }, (bytes) => {
    const directory = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    bytes.writeUInt32LE(10, directory + 24);
    return bytes;
  });
  await assert.rejects(composeParts([zip], opt), cannot(/a\.zip/));
});

test('composeParts() refuses an entry whose checksum differs', async (t) => {
  const { opt, zip } = await useFolders(t);
  await makeZip(zip, { file: { content: 'right', compress: false } }, patch('right', 'wrong'));
  await assert.rejects(composeParts([zip], opt), cannot(/checksum/));
});

test('composeParts() refuses a link whose checksum differs', async (t) => {
  const { opt, zip } = await useFolders(t);
  await makeZip(zip, { link: { content: 'right', mode: LINK, compress: false } }, patch('right', 'wrong'));
  await assert.rejects(composeParts([zip], opt), cannot(/checksum/));
});

test('composeParts() says which file is no zip, or is not there', async (t) => {
  const { opt, zip, second } = await useFolders(t);
  await writeFile(zip, 'this is no zip');
  await assert.rejects(composeParts([zip], opt), cannot(/a\.zip/));
  await assert.rejects(composeParts([second], opt), cannot(/b\.zip/));
});

test('composeParts() stops with the reason of its signal', async (t) => {
  const { opt, zip } = await useFolders(t);
  await makeZip(zip, { file: {} });
  const reason = new Error('interrupted');
  await assert.rejects(composeParts([zip], opt, { signal: AbortSignal.abort(reason) }), reason);
  assert.deepEqual(await readdir(opt), []);
});
