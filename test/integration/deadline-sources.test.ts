import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';

test('a timeout names file and line of the sources, and the environment lives on', async (t) => {
  const folder = join(useTmp(t), 'slow');
  writeFiles(folder, {
    'function.ts': `import { wait } from './wait.ts';

let calls = 0;
export async function handler(event: { readonly ms: number }): Promise<number> {
  calls += 1;
  console.log('before the wait');
  wait(event.ms);
  return calls;
}
`,
    'wait.ts': `export function wait(ms: number): void {
  const endMs = Date.now() + ms;
  while (Date.now() < endMs);
}
`,
  });
  const environment = { PILOTLIGHT_DEADLINE_LOOK_MS: '2500', PILOTLIGHT_DEADLINE_MARGIN_MS: '500' };
  const lambda = await useLocalLambda(
    t,
    { slow: { folder, settings: { timeoutS: 3, environment } } },
    { maxEnvironments: 1 },
  );
  const late = await lambda.call('slow', { ms: 60_000 });
  const { errorType, errorMessage, trace } = late.value as {
    errorType: string;
    errorMessage: string;
    trace: string[];
  };
  assert.equal(late.failed, true);
  assert.equal(errorType, 'Sandbox.Timedout');
  assert.match(
    errorMessage,
    /^Task timed out after 3\.00 seconds: the code stands at wait \(.*wait\.ts:3:\d+\)$/,
  );
  assert.match(trace.join('\n'), /at .*handler \(.*function\.ts:7:3\)/);
  const log = lambda.lines.join('\n');
  assert.match(log, /before the wait/);
  assert.doesNotMatch(log, /Status: timeout/);
  assert.match(log, /DEADLINE Task timed out after 3\.00 seconds: the code stands at wait/);
  assert.equal((await lambda.call('slow', { ms: 0 })).value, 1);
  assert.equal(lambda.lines.filter((line) => line.includes('INIT_START')).length, 1);
});
