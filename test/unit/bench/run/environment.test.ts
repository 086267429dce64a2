import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Environment, startEnvironment } from '../../../bench/run/environment.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { findProcesses } from '../../../runner/leftovers.ts';

/** Runs a shell script as an environment. */
async function useEnvironment(
  t: TestContext,
  script: string,
  options: { processor?: number; inFlight?: number } = {},
): Promise<{ environment: Environment; folder: string }> {
  const folder = join(useTmp(t), 'e');
  const environment = await startEnvironment({
    command: { file: '/bin/sh', args: ['-c', script], folder: '/', variables: { OWN: 'yes' } },
    variables: { BENCH_LOG: '1' },
    port: 9,
    inFlight: options.inFlight ?? 1,
    processor: options.processor,
    folder,
  });
  t.after(() => environment.end());
  return { environment, folder };
}

test("startEnvironment() gives Lambda's variables, the command's and the scenario's, and none of the shell's", async (t) => {
  process.env.OF_THE_SHELL = 'yes';
  t.after(() => delete process.env.OF_THE_SHELL);
  const { environment, folder } = await useEnvironment(t, 'exec env >"$TMPDIR/env"');
  await environment.ended;
  const lines = readFileSync(join(environment.tmpFolder, 'env'), 'utf8').split('\n');
  for (const line of ['OWN=yes', 'BENCH_LOG=1', 'LAMBDA_TASK_ROOT=/', `TMPDIR=${join(folder, 't')}`]) {
    assert.ok(lines.includes(line), line);
  }
  assert.ok(!lines.some((line) => /^(OF_THE_SHELL|HOME|AWS_LAMBDA_MAX_CONCURRENCY)=/.test(line)));
});

test('startEnvironment() says how many events may be in flight', async (t) => {
  const { environment } = await useEnvironment(t, 'echo "$AWS_LAMBDA_MAX_CONCURRENCY"', { inFlight: 8 });
  await environment.ended;
  assert.equal(await environment.lastOutput(), '8');
});

test('startEnvironment() puts an environment on the processor that it is given', {
  skip: availableParallelism() < 2 && 'there is one processor only',
}, async (t) => {
  const { environment } = await useEnvironment(t, 'grep Cpus_allowed_list /proc/self/status', {
    processor: 1,
  });
  await environment.ended;
  assert.match(await environment.lastOutput(), /:\s+1$/);
});

test('end() ends what left the session as well, and removes the folder', async (t) => {
  const { environment, folder } = await useEnvironment(t, 'setsid sleep 1000 & exec sleep 1000');
  await environment.end();
  assert.match(await environment.ended, /SIGKILL/);
  assert.deepEqual(findProcesses(join(folder, '..')), []);
  assert.ok(!existsSync(folder));
});

test('startEnvironment() fails when its program does not exist, and leaves no folder', async (t) => {
  const folder = join(useTmp(t), 'e');
  const command = { file: '/absent/program', args: [], folder: '/', variables: {} };
  const request = { command, variables: {}, port: 9, inFlight: 1, processor: undefined, folder };
  await assert.rejects(startEnvironment(request), { code: 'ENOENT' });
  assert.ok(!existsSync(folder));
});
