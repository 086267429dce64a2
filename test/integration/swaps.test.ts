import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pinnedNode } from '../helpers/clients.ts';
import { startCommand } from '../helpers/run-command.ts';
import type { SwapsResult } from '../swaps/result.ts';

const PROJECT = join(import.meta.dirname, '../..');
const SHORT = ['--swaps', '4', '--broken', '3', '--saves', '2', '--clients', '3', '--json'] as const;

test('a short run swaps under load in every way, loses no invocation and leaves nothing behind', async (t) => {
  const { PATH, HOME, TMPDIR } = process.env;
  const command = [pinnedNode(), 'test/swaps/cli.ts', ...SHORT] as const;
  const { result } = startCommand(t, command, { cwd: PROJECT, env: { PATH, HOME, TMPDIR } });
  const { code, stdout, stderr } = await result;
  assert.equal(code, 0, `${stdout}${stderr}`);
  const { swaps, refused, problems, failed, stale, invocations } = JSON.parse(stdout) as SwapsResult;
  assert.deepEqual(swaps, { save: 1, sdk: 1, command: 1, rollback: 1 });
  assert.equal(Object.values(refused).length, 3);
  assert.deepEqual([failed, stale, problems], [0, 0, []]);
  assert.ok(invocations > 0);
});
