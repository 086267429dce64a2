import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputTail } from '../../../../runtime/supervisor/output-tail.ts';

test('OutputTail keeps the last 20 lines, the unfinished one among them', () => {
  const tail = new OutputTail();
  for (let number = 1; number <= 50; number++) tail.add(`line ${number}\n`);
  tail.add('unfin');
  tail.add('ished');
  const lines = tail.lines();
  assert.equal(lines.length, 20);
  assert.equal(lines[0], 'line 32');
  assert.equal(lines.at(-1), 'unfinished');
});

test("OutputTail keeps the function's lines before those of Node's native stack", () => {
  const tail = new OutputTail();
  tail.add('mine\n');
  for (let frame = 1; frame <= 20; frame++)
    tail.add(`${String(frame).padStart(2)}: 0x931db0  [/opt/bin/node]\n`);
  assert.deepEqual(tail.lines(), ['mine']);
});

test('OutputTail bounds a line that never ends', () => {
  const tail = new OutputTail();
  for (let number = 0; number < 100; number++) tail.add('x'.repeat(10_000));
  assert.equal(tail.lines().join('').length, 2_000);
});
