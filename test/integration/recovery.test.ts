import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { pinnedNode } from '../helpers/clients.ts';

const CLI = join(import.meta.dirname, '../bench/recovery/cli.ts');

test('the measurement of recoveries prints a start and two recoveries, with their ratios', async () => {
  const env = { PATH: '/usr/bin:/bin', TMPDIR: tmpdir() };
  const { stdout } = await promisify(execFile)(pinnedNode(), [CLI, '1'], { env });
  const rows = stdout
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  assert.deepEqual(
    rows.map(([, title]) => title),
    ['a Node worker starts', 'first death, next answer', 'second death, next answer'],
  );
  const [start, first, second] = rows.map((cells) => ({ ms: Number(cells[2]), ratio: Number(cells[4]) }));
  assert.ok(start && first && second);
  assert.equal(start.ratio, 1);
  for (const { ms, ratio } of [first, second])
    assert.ok(Math.abs(ms / start.ms - ratio) < 0.05 * ratio + 0.01);
});
