import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutElf, elfArch, elfSegments } from '../../../../layers/build/elf.ts';

const LOAD = 1;

/** The smallest program: a header, one segment over the first 200 bytes, and 100 bytes that nobody maps. */
function tinyElf(machine: number): Buffer {
  const file = Buffer.alloc(300, 0xaa);
  file.fill(0, 0, 120);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(64n, 32); // e_phoff
  file.writeBigUInt64LE(250n, 40); // e_shoff
  file.writeUInt16LE(56, 54); // e_phentsize
  file.writeUInt16LE(1, 56); // e_phnum
  file.writeUInt16LE(7, 60); // e_shnum
  file.writeUInt16LE(6, 62); // e_shstrndx
  file.writeUInt32LE(LOAD, 64);
  file.writeBigUInt64LE(0x400000n, 80);
  file.writeBigUInt64LE(200n, 96);
  return file;
}

for (const [machine, arch] of [
  [62, 'x86_64'],
  [183, 'arm64'],
] as const) {
  test(`cutElf() keeps what the program headers cover and drops the section headers, ${arch}`, () => {
    const file = tinyElf(machine);
    const cut = cutElf(file, 'tiny');
    assert.equal(elfArch(cut), arch);
    assert.deepEqual(elfSegments(cut, 'tiny'), [{ type: LOAD, offset: 0, address: 0x400000, bytes: 200 }]);
    assert.equal(cut.length, 200);
    assert.deepEqual(
      [cut.readBigUInt64LE(40), cut.readUInt16LE(60), cut.readUInt16LE(62)],
      [0n, 0, 0],
      'section headers are gone',
    );
    assert.deepEqual(cut.subarray(64), file.subarray(64, 200));
    assert.equal(file.readUInt16LE(60), 7, 'the original is left as it is');
  });
}

test('cutElf() refuses what is no such file', () => {
  const good = tinyElf(62);
  const with32Bits = Buffer.from(good);
  with32Bits[4] = 1;
  const bigEndian = Buffer.from(good);
  bigEndian[5] = 2;
  const longHeaders = Buffer.from(good);
  longHeaders.writeUInt16LE(64, 54);
  const cases = {
    script: Buffer.from(`#!/bin/sh\n${' '.repeat(100)}`),
    empty: Buffer.alloc(0),
    'header alone': good.subarray(0, 64),
    truncated: good.subarray(0, 199),
    with32Bits,
    bigEndian,
    longHeaders,
    riscv: tinyElf(243),
  };
  for (const [name, file] of Object.entries(cases)) {
    assert.throws(() => cutElf(file, name), { code: 'CANNOT' }, name);
  }
});

test('elfArch() says nothing about a file for another system', () => {
  assert.equal(elfArch(Buffer.from('MZ')), undefined);
  assert.equal(elfArch(tinyElf(243)), undefined);
});
