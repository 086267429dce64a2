import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Judgement } from '../../conformance/result.ts';
import { pinnedNode } from '../../helpers/clients.ts';
import { startCommand } from '../../helpers/run-command.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { findProcesses } from '../../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const FIXTURE = join(PROJECT, 'test/fixtures/conformance/bootstrap.mjs');

/** Starts the verb as a user does, with its own folder for temporary files. */
function start(t: TestContext, tmp: string, ...args: readonly string[]) {
  const command = [process.execPath, 'runtime/bin.mjs', 'conformance', ...args] as const;
  return startCommand(t, command, { cwd: PROJECT, env: { PATH: '/usr/bin:/bin', TMPDIR: tmp } });
}

test('conformance prints verdicts as JSON, writes a page, and exits with 0 when all pass', async (t) => {
  const [tmp, reports] = [useTmp(t), useTmp(t)];
  const page = join(reports, 'new/page.html');
  const options = ['--case', 'order of calls', '--case', 'nonce-stream', '--without', 'stream', '--json'];
  const { code, stdout, stderr } = await start(
    t,
    tmp,
    ...options,
    '--html',
    page,
    '--',
    pinnedNode(),
    FIXTURE,
  ).result;
  assert.equal(code, 0, stderr);
  const [judgement] = JSON.parse(stdout) as readonly Judgement[];
  assert.deepEqual(
    judgement?.results.map(({ verdict }) => verdict),
    [...Array<string>(7).fill('pass'), 'not supported'],
  );
  assert.match(readFileSync(page, 'utf8'), /order-next-first/);
  assert.deepEqual(readdirSync(tmp), []);
});

test('conformance exits with 1 when a case fails, and shows the bytes', async (t) => {
  const tmp = useTmp(t);
  const program = "fetch('http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/wrong')";
  const { code, stdout } = await start(
    t,
    tmp,
    '--case',
    'order-next-first',
    '--',
    pinnedNode(),
    '-e',
    program,
  ).result;
  assert.equal(code, 1);
  assert.match(stdout, /FAIL {2}order-next-first/);
  assert.match(stdout, />1 GET \/wrong HTTP\/1\.1/);
  assert.deepEqual(readdirSync(tmp), []);
});

test('conformance leaves nothing behind when it is interrupted', async (t) => {
  const tmp = useTmp(t);
  const watcher = watch(tmp);
  const command = start(t, tmp, '--case', 'signal-while-polling', '--', '/bin/sh', '-c', 'sleep 1000 & wait');
  await once(watcher, 'change');
  watcher.close();
  command.interrupt();
  const { code, signal } = await command.result;
  assert.ok(code === 130 || signal === 'SIGINT', `${code} ${signal}`);
  assert.deepEqual(findProcesses(tmp), []);
  assert.deepEqual(readdirSync(tmp), []);
});

test('conformance lists its cases, as text and as JSON', async (t) => {
  const text = await start(t, useTmp(t), '--list').result;
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^order of calls\n {2}order-next-first {2,}Init ends with the first call/);
  const { stdout } = await start(t, useTmp(t), '--list', '--json', '--case', 'nonce-result').result;
  const [listed, ...others] = JSON.parse(stdout);
  assert.partialDeepStrictEqual(listed, { name: 'nonce-result', group: 'invocation nonce' });
  assert.match(listed.proof, /pull request 1159/);
  assert.deepEqual(others, []);
});

for (const [what, file] of [
  ['is not there', '/nonexistent/bootstrap'],
  ['may not be executed', '/etc/passwd'],
] as const) {
  test(`conformance says so when a command ${what}`, async (t) => {
    const { code, stderr } = await start(t, useTmp(t), '--case', 'order-next-first', '--', file).result;
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`^CANNOT {2}Cannot start "${file}": E[A-Z]+\\n`));
  });
}

test('conformance refuses options that do not go together', async (t) => {
  for (const args of [
    ['--peers', '--', 'true'],
    ['--language', 'python'],
    ['--without', 'stream'],
  ]) {
    const { code, stderr } = await start(t, useTmp(t), ...args).result;
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`^USAGE {2}Cannot use ${args[0]} here`));
  }
});

for (const [what, args] of [
  ['case', ['--case', 'absent']],
  ['language', ['--language', 'cobol', '--', 'true']],
  ['feature', ['--without', 'absent', '--', 'true']],
] as const) {
  test(`conformance refuses an unknown ${what}`, async (t) => {
    const { code, stderr } = await start(t, useTmp(t), ...args).result;
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`Unknown ${what}`));
  });
}
