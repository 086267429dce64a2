import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourcePosition } from '../../../../runtime/deadline/node/source-position.ts';

/** As V8 writes it: differences, seven bits a byte, the sign in the lowest bit. */
function table(...entries: readonly (readonly [bytecode: number, place: number])[]): Buffer {
  const bytes: number[] = [];
  const add = (value: number) => {
    let rest = value >= 0 ? value * 2 : -value * 2 - 1;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  };
  let [bytecode, position] = [-1, 0];
  for (const [nextBytecode, place] of entries) {
    const raw = (place + 1) * 2;
    add(nextBytecode - bytecode);
    add(raw - position);
    [bytecode, position] = [nextBytecode, raw];
  }
  return Buffer.from(bytes);
}

const TABLE = table([-1, 47], [0, 54], [8, 70], [12, 77], [20, 77], [26, 54], [32, 100_000]);

test('sourcePosition() gives the place of the last entry that is not behind the bytecode', () => {
  const places = [0, 8, 11, 12, 26, 31, 32, 90].map((offset) => sourcePosition(TABLE, offset));
  assert.deepEqual(places, [54, 70, 70, 77, 54, 54, 100_000, 100_000]);
});

test('sourcePosition() knows nothing of an empty table', () => {
  assert.equal(sourcePosition(Buffer.alloc(0), 3), undefined);
});
