import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { optimizeEarly } from '../../../runtime/optimize-early.ts';

/** By another process: one that has compiled a source itself takes no other code for it. */
function compileElsewhere(sources: readonly string[]): readonly Buffer[] {
  const program = `const { Script } = require('node:vm');
    const code = ${JSON.stringify(sources)}.map((source) => new Script(source).createCachedData().toString('base64'));
    process.stdout.write(JSON.stringify(code));`;
  const output = execFileSync(process.execPath, ['--eval', program], { encoding: 'utf8', env: {} });
  return (JSON.parse(output) as string[]).map((code) => Buffer.from(code, 'base64'));
}

test('optimizeEarly() changes flags with the fourth invocation, and puts them back with the thousandth', () => {
  const counts = [0, 3, 1, 995, 1, 1];
  const sources = counts.map((_, place) => `globalThis.answer = () => ${place};`);
  const compiled = compileElsewhere(sources);
  // V8 takes compiled code only under the flags that it was compiled with.
  const taken = counts.map((count, place) => {
    for (let step = 0; step < count; step++) optimizeEarly();
    return (
      new Script(sources[place] as string, { cachedData: compiled[place] as Buffer }).cachedDataRejected ===
      false
    );
  });
  assert.deepEqual(taken, [true, true, false, false, true, true]);
});

test('flags that optimizeEarly() puts back are what this V8 begins with', () => {
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const [name, value] of [
    ['invocation-count-for-maglev', 400],
    ['minimum-invocations-after-ic-update', 500],
  ])
    assert.match(options, new RegExp(`default: --${name}=${value}\\n`));
});
