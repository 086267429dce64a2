import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startLocalLambda } from '../../runtime/emulator/local-lambda.ts';
import { useLayers } from '../helpers/built-layers.ts';
import { startCommand } from '../helpers/run-command.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
const PILOTLIGHT = ['node', 'runtime/bin.mjs'] as const;

test('Ctrl-C at ten different moments leaves no process and no file', async (t) => {
  await useLayers();
  for (let moment = 0; moment < 10; moment++) {
    const tmp = useTmp(t);
    const command = startCommand(
      t,
      [...PILOTLIGHT, 'invoke', 'function/hello-node', '--isolation', 'paths', '--repeat', '100000'],
      { cwd: PROJECT, env: { ...process.env, TMPDIR: tmp } },
    );
    // The moments are what is tested: from before the command line has started to the middle of its work.
    await delay(moment * 150);
    command.interrupt();
    const { code, signal, stderr } = await command.result;
    assert.ok(code === 130 || signal === 'SIGINT', `moment ${moment}: ${code} ${signal} ${stderr}`);
    assert.deepEqual(findProcesses(tmp), [], `moment ${moment}`);
    assert.deepEqual(readdirSync(tmp), [], `moment ${moment}`);
  }
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`dev ends on a ${signal} to its command alone, while a function is in an endless loop`, async (t) => {
    const tmp = useTmp(t);
    const folder = useTmp(t);
    writeFileSync(
      join(folder, 'function.js'),
      "export const handler = () => { console.log('spins'); for (;;); };\n",
    );
    const options = ['--port', '0', '--timeout', '900', '--isolation', 'paths'];
    const command = startCommand(t, [...PILOTLIGHT, 'dev', folder, ...options], {
      cwd: PROJECT,
      env: { ...process.env, TMPDIR: tmp },
    });
    const url = (await command.firstOutput).replace('ready ', '').trim();
    const name = basename(folder);
    const answer = fetch(`${url}/2015-03-31/functions/${name}/invocations`, { method: 'POST', body: '{}' });
    await command.stderrHas('spins');
    command.kill(signal);
    const { code, stderr } = await command.result;
    assert.equal(code, 130, stderr);
    // Whether the caller gets an error or a broken connection: it is told before all ends.
    await answer.catch(() => {});
    assert.deepEqual(findProcesses(tmp), []);
    assert.deepEqual(readdirSync(tmp), []);
  });
}

/** Every command of the README, in a form that ends by itself; those of the packed package have a test of their own. */
const SHORT_FORMS: Readonly<Record<string, (line: string) => readonly string[]>> = {
  'make ': (line) => [...line.split(' '), '--dry-run'],
  'node runtime/bin.mjs build ': (line) => line.split(' '),
  'node runtime/bin.mjs invoke ': (line) => line.replaceAll("'", '').split(' '),
  'node runtime/bin.mjs dev ': (line) => [...line.split(' '), '--port', '0'],
  'node runtime/bin.mjs layers --list': (line) => line.split(' '),
  'node runtime/bin.mjs check': (line) => [...line.split(' '), 'dist/runtime.zip'],
  'node runtime/bin.mjs explain': (line) => [...line.split(' '), 'dist/runtime.zip'],
  'node runtime/bin.mjs plan ': (line) => line.split(' '),
  'node runtime/bin.mjs deploy ': (line) => line.split(' '),
  'node runtime/bin.mjs logs ': (line) => line.split(' '),
  'node runtime/bin.mjs prune ': (line) => line.split(' '),
  'node runtime/bin.mjs export ': (line) => line.split(' '),
};
/** Where the README has clients call the local Lambda. */
const ENDPOINT = 'http://127.0.0.1:9000';

test('every command of the README works', async (t) => {
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => `${block}`.trim().split('\n'))
    .filter((line) => !line.startsWith('npx '));
  assert.ok(lines.length > 5);
  const lambda = await startLocalLambda({ functions: [], isolation: 'paths' });
  t.after(() => lambda.stop());
  for (const line of lines) {
    const form = Object.entries(SHORT_FORMS).find(([start]) => line.startsWith(start));
    assert.ok(form !== undefined, `no test knows how to run: ${line}`);
    const args = form[1](line.replace(ENDPOINT, lambda.url)) as [string, ...string[]];
    const command = startCommand(t, args, { cwd: PROJECT });
    if (line.includes(' dev ')) {
      assert.match(await command.firstOutput, /^ready http:\/\/127\.0\.0\.1:\d+\n/);
      command.interrupt();
      assert.equal((await command.result).code, 130);
      continue;
    }
    const { code, stdout, stderr } = await command.result;
    // A plan ends with 1 when there is something to do.
    assert.equal(code, line.includes(' plan ') ? 1 : 0, `${line}\n${stderr}`);
    if (line.includes(' invoke ')) assert.equal(JSON.parse(stdout).greeting, 'Hello, Ada');
  }
});

for (const [args, code, output] of [
  [[], 2, /pilotlight VERB/],
  [['--help'], 0, /dev .*local Lambda/],
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  [['bild'], 2, /USAGE .*"bild"/],
  [['invoke', '--evnt', '{}'], 2, /--evnt/],
  [['invoke', '--help'], 0, /--repeat N[\s\S]*--inspect\[=PORT\] /],
  [['invoke', 'function/hello-node', '--env', '@absent.env'], 2, /USAGE .*"absent\.env"/],
  [['invoke', './absent'], 2, /"\.\/absent"/],
  [['build'], 2, /Expected DIR/],
  [['layers', 'cobol'], 2, /"cobol".*node/],
  [['invoke', 'function/hello-node', '--event', '{a:1}'], 2, /USAGE .*parse.*\n {2}next {2}quote/],
  [
    ['export', 'sam', 'function/hello-node', '--out', 'absent/t.yaml'],
    3,
    /CANNOT .*absent.*\n {2}next {2}make/,
  ],
  [['build', 'function/hello-node', '--out', 'LICENSE'], 3, /CANNOT .*LICENSE.*\n {2}next {2}name/],
  [
    ['export', 'sam', 'function/hello-node', '--out', 'absent/t', '--json'],
    3,
    /^\{"error":\{"code":"CANNOT"/,
  ],
] as const) {
  test(`pilotlight ${args.join(' ')} exits with ${code}`, async (t) => {
    const result = await startCommand(t, [...PILOTLIGHT, ...args], { cwd: PROJECT }).result;
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stdout + result.stderr, output);
    assert.doesNotMatch(result.stderr, /\n {4}at /, 'a stack is for bugs only');
  });
}

test('invoke --json prints one object on standard output, and exits with 1 for a function error', async (t) => {
  const folder = useTmp(t);
  writeFileSync(
    join(folder, 'function.ts'),
    'export const handler = (): never => { throw new RangeError("no") };\n',
  );
  const { code, stdout } = await startCommand(
    t,
    [...PILOTLIGHT, 'invoke', folder, '--json', '--isolation', 'paths'],
    { cwd: PROJECT },
  ).result;
  assert.equal(code, 1);
  const { payload, functionError } = JSON.parse(stdout);
  assert.equal(functionError, 'Unhandled');
  assert.partialDeepStrictEqual(payload, { errorType: 'RangeError', errorMessage: 'no' });
  assert.match(payload.trace[1], /function\.ts:1:/, 'mapped to the source');
});
