import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { pinnedNode } from '../../helpers/clients.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

const RUNNER = fileURLToPath(new URL('../../run.ts', import.meta.url));

/** Runs the runner on one test file; its variables hold nothing of the runner that runs this test. */
async function runOn(t: TestContext, source: string, variables: Record<string, string> = {}) {
  const folder = useTmp(t);
  writeFileSync(join(folder, 'one.test.ts'), `import { test } from 'node:test';\n${source}`);
  return { folder, ...(await runIn(folder, variables)) };
}

async function runIn(folder: string, variables: Record<string, string> = {}) {
  const { exitCode, stdout } = await execa(pinnedNode(), [RUNNER, folder], {
    env: { PATH: '/usr/bin:/bin', TMPDIR: folder, ...variables },
    extendEnv: false,
    reject: false,
  });
  return { exitCode, lines: stdout.split('\n') };
}

test('run.ts ends with the summary and exit code 0 when all tests pass', async (t) => {
  const { exitCode, lines } = await runOn(t, `test('passes', () => {});`);
  assert.equal(exitCode, 0);
  assert.match(lines.at(-1) ?? '', /duration_ms/);
  assert.ok(lines.some((line) => line.endsWith('pass 1')));
});

test('run.ts has exit code 1 when a test fails', async (t) => {
  const { exitCode } = await runOn(t, `test('fails', () => { throw new Error('no'); });`);
  assert.equal(exitCode, 1);
});

test('run.ts names what was skipped and why before the summary', async (t) => {
  const { exitCode, lines } = await runOn(t, `test('flies', { skip: 'no wings' }, () => {});`);
  assert.equal(exitCode, 0);
  const index = lines.findIndex((line) => line.startsWith('  flies (') && line.endsWith('): no wings'));
  assert.ok(index > 0 && index < lines.findIndex((line) => line.endsWith('tests 1')));
});

test('run.ts names the ten files that took longest, the longest first', async (t) => {
  const folder = useTmp(t);
  for (let number = 0; number < 11; number++)
    writeFileSync(
      join(folder, `${number}.test.ts`),
      `import { test } from 'node:test';\ntest('passes', () => {});`,
    );
  const { lines } = await runIn(folder);
  const named = lines.slice(
    lines.indexOf('slowest files') + 1,
    lines.findIndex((line) => /^tests took /.test(line)),
  );
  assert.equal(new Set(named.map((line) => line.split('/').at(-1))).size, 10);
  const times = named.map((line) => Number(/^ {2}(\d+\.\d) s {2}.*\.test\.ts$/.exec(line)?.[1]));
  assert.deepEqual(
    times,
    [...times].sort((a, b) => b - a),
  );
});

test('run.ts takes a skipped test as a failure where CI is set', async (t) => {
  const { exitCode } = await runOn(t, `test('flies', { skip: 'no wings' }, () => {});`, { CI: 'true' });
  assert.equal(exitCode, 1);
});

test('run.ts fails on a process that is left behind, and ends it', async (t) => {
  const source = `
    import { spawn } from 'node:child_process';
    import { tmpdir } from 'node:os';
    test('leaks', () => {
      const child = spawn('sleep', ['60'], { cwd: tmpdir(), env: { PATH: '/usr/bin:/bin' }, detached: true, stdio: 'ignore' });
      child.unref();
    });`;
  const { exitCode, lines } = await runOn(t, source);
  assert.equal(exitCode, 1);
  const pid = lines.map((line) => /^left behind: process (\d+): sleep 60$/.exec(line)?.[1]).find(Boolean);
  assert.ok(pid !== undefined);
  assert.ok(!existsSync(`/proc/${pid}/cwd`));
});

test('run.ts fails on a file that is left behind, and removes its own folder', async (t) => {
  const source = `
    import { writeFileSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    test('leaks', () => writeFileSync(tmpdir() + '/forgotten', ''));`;
  const { folder, exitCode, lines } = await runOn(t, source);
  assert.equal(exitCode, 1);
  assert.ok(lines.some((line) => line.startsWith('left behind: ') && line.endsWith('/forgotten')));
  assert.deepEqual(readdirSync(folder), ['one.test.ts']);
});

test('run.ts refuses a folder without tests', async (t) => {
  const folder = useTmp(t);
  const { exitCode } = await execa(pinnedNode(), [RUNNER, folder], { reject: false });
  assert.equal(exitCode, 2);
});
