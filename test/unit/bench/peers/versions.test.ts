import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  parseCargoList,
  parseCargoLock,
  parseGoVersions,
  parseRustVersion,
  parseVersions,
  readVersions,
  writeVersions,
} from '../../../bench/peers/versions.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

test('readVersions() reads what writeVersions() left, and nothing where nothing is installed', (t) => {
  const folder = useTmp(t);
  assert.deepEqual(readVersions(folder), {});
  writeVersions(folder, { go: '1.26.8' });
  assert.deepEqual(readVersions(folder), { go: '1.26.8' });
});

test('readVersions() throws when the file is damaged', (t) => {
  const folder = useTmp(t);
  writeFileSync(join(folder, 'versions.json'), '{"go":');
  assert.throws(() => readVersions(folder), SyntaxError);
});

test('parseVersions() refuses what is no object of strings', () => {
  assert.throws(() => parseVersions('{"go":1.26}'));
  assert.throws(() => parseVersions('["1.26"]'));
});

const GO_OUTPUT = [
  '/folder/bootstrap: go1.26.8',
  '\tpath\techo',
  '\tmod\techo\t(devel)\t',
  '\tdep\texample.com/client-extra\tv9.9.9\th1:x',
  '\tdep\texample.com/client\tv1.55.1\th1:We2cCp4BwqqH',
  '\tbuild\t-compiler=gc',
].join('\n');

test('parseGoVersions() finds the compiler and the module, not another whose name begins the same', () => {
  assert.deepEqual(parseGoVersions(GO_OUTPUT, 'example.com/client'), { go: '1.26.8', module: '1.55.1' });
  assert.throws(() => parseGoVersions(GO_OUTPUT, 'example.com/cli'));
});

test('parseCargoLock() finds the package, not one that depends on it', () => {
  const lock = [
    'version = 4',
    '[[package]]\nname = "client_user"\nversion = "3.0.0"\ndependencies = [\n "client",\n]',
    '[[package]]\nname = "client"\nversion = "1.5.0"\nchecksum = "00"\n',
  ].join('\n\n');
  assert.equal(parseCargoLock(lock, 'client'), '1.5.0');
  assert.throws(() => parseCargoLock(lock, 'user'));
});

test('parseCargoList() finds the package, from whatever registry', () => {
  const list = 'other v0.1.0:\n    other\nadapter v1.0.0-rc1:\n    lambda-adapter';
  assert.equal(parseCargoList(list, 'adapter'), '1.0.0-rc1');
  assert.equal(parseCargoList('adapter v2.0.0 (/folder):\n    bin', 'adapter'), '2.0.0');
  assert.throws(() => parseCargoList('', 'adapter'));
});

test('parseRustVersion() reads the number alone', () => {
  assert.equal(parseRustVersion('rustc 1.95.0 (59807616e 2026-04-14)'), '1.95.0');
  assert.throws(() => parseRustVersion('cargo 1.95.0'));
});
