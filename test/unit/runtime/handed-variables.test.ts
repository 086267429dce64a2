import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { addHandedVariables } from '../../../runtime/handed-variables.ts';

const SOURCE = join(import.meta.dirname, '../../../runtime/handed-variables.ts');
const READ = `
  import { existsSync } from 'node:fs';
  import { addHandedVariables } from ${JSON.stringify(SOURCE)};
  const all = addHandedVariables(process.env);
  const isOpen = existsSync('/proc/self/fd/' + process.env.PILOTLIGHT_HANDED);
  console.log(JSON.stringify({ all, isOpen }));`;

test('addHandedVariables() adds what the shell wrote, and closes the descriptor', () => {
  const script = `exec {PILOTLIGHT_HANDED}<<<$'KEY=a=b ü\\nEMPTY=\\n'; export PILOTLIGHT_HANDED; exec "$@"`;
  const args = ['-c', script, 'bash', process.execPath, '--input-type=module', '-e', READ];
  const { all, isOpen } = JSON.parse(execFileSync('bash', args, { env: { MINE: '1' }, encoding: 'utf8' }));
  assert.partialDeepStrictEqual(all, { MINE: '1', KEY: 'a=b ü' });
  assert.deepEqual([all.EMPTY, all.PILOTLIGHT_HANDED], [undefined, undefined]);
  assert.equal(isOpen, false);
});

test('addHandedVariables() takes the variables as they are where no shell handed over any', () => {
  assert.deepEqual(addHandedVariables({ MINE: '1' }), { MINE: '1' });
});
