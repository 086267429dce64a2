import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { interpreterNames } from '../../../../layers/build/interpreter-source.ts';
import { writeZip } from '../../../../layers/build/zip.ts';
import { interpretersTable } from '../../../../layers/list/interpreters-table.ts';
import { combine, type InterpreterRow, listInterpreters } from '../../../../layers/list/list-interpreters.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const DIST = join(import.meta.dirname, '../../../../dist');
const ROW: InterpreterRow = {
  name: 'lua',
  version: '5.4',
  arch: 'arm64',
  glibc: 'none',
  runsOn: ['al2023', 'al2'],
  bytes: 1_000_000,
  unpackedBytes: 200_000_000,
  isEstimate: false,
  runsBootstrap: false,
};

test('listInterpreters() measures what was built, and says about what the others take', async (t) => {
  const out = useTmp(t);
  const path = join(out, 'interpreter-node-arm64.zip');
  await writeZip(path, [{ path: 'bin/node', content: Buffer.alloc(70_000), executable: true }]);
  const [x86, arm] = await listInterpreters(out, ['node']);
  assert.partialDeepStrictEqual(x86, { glibc: '2.28', runsOn: ['al2023'], bytes: null, isEstimate: true });
  assert.ok((x86?.unpackedBytes ?? 0) > 100_000_000);
  assert.partialDeepStrictEqual(arm, {
    bytes: statSync(path).size,
    unpackedBytes: 70_000,
    isEstimate: false,
    runsBootstrap: true,
  });
});

test('listInterpreters() tells sizes before the build that are within 1 % of those after it', async (t) => {
  const names = await interpreterNames();
  const [estimates, built] = await Promise.all([useTmp(t), DIST].map((out) => listInterpreters(out, names)));
  const measured = built?.filter((row) => !row.isEstimate) ?? [];
  const zips = readdirSync(DIST).filter((file) => /^interpreter-.*\.zip$/.test(file));
  assert.equal(measured.length, zips.length);
  assert.ok(measured.length > 0, 'node is built before any test runs');
  for (const { name, arch, unpackedBytes } of measured) {
    const estimate = estimates?.find((row) => row.name === name && row.arch === arch)?.unpackedBytes ?? 0;
    const ratio = estimate / (unpackedBytes ?? 0);
    assert.ok(ratio > 0.99 && ratio < 1.01, `${name} for ${arch}: said ${estimate}, is ${unpackedBytes}`);
  }
});

test('combine() subtracts one layer or two and the runtime layer from the limit', async (t) => {
  const out = useTmp(t);
  await writeZip(join(out, 'runtime.zip'), [
    { path: 'bootstrap', content: Buffer.alloc(144_000), executable: true },
  ]);
  const rows = [ROW, { ...ROW, name: 'janet', unpackedBytes: null }, { ...ROW, name: 'tcl' }];
  const combinations = await combine(out, rows);
  assert.deepEqual(
    combinations.map(({ names, leftBytes }) => [names.join('+'), leftBytes]),
    [
      ['lua', 62_000_000],
      ['lua+janet', null],
      ['lua+tcl', -138_000_000],
      ['janet', null],
      ['janet+tcl', null],
      ['tcl', 62_000_000],
    ],
  );
  const lines = interpretersTable(rows, combinations).trimEnd().split('\n');
  assert.deepEqual(
    lines.slice(-4).map((line) => line.split(/ {2,}/)),
    [
      ['arm64', 'lua', 'janet', 'tcl'],
      ['lua', '62.0'],
      ['janet', '?', '?'],
      ['tcl', 'no', '?', '62.0'],
    ],
  );
  assert.match(lines.join('\n'), /^lua, janet, tcl: needs node, bun or deno beside it/m);
});
