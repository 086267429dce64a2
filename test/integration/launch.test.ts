import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { hasEnded, readProcessStat } from '../../runtime/process-stat.ts';
import { NODE_MANIFEST, useBootstrap } from '../helpers/use-bootstrap.ts';

const SELF = {
  'function.bundle.js': `
    import { spawn } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    const own = (name) => readFileSync('/proc/self/' + name, 'latin1').split('\\0').filter((item) => item !== '');
    const group = () => readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ')[2];
    const leave = (detached) => spawn('/bin/sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', 3], detached }).pid;
    export const handler = ({ end, left }) => {
      if (left !== undefined) return leave(left === 'session');
      if (end === 'exit') process.exit(7);
      if (end !== undefined) process.kill(process.pid, end);
      return { pid: process.pid, command: own('cmdline'), folder: process.cwd(),
        leads: group() === String(process.pid),
        variables: Object.fromEntries(own('environ').map((item) => item.split(/=(.*)/s).slice(0, 2))) };
    };`,
};
/** What bash sets for every program, and what tells the two forms apart. */
const OWN_TO_THE_FORM = new Set([
  '_',
  'TMPDIR',
  'LAMBDA_TASK_ROOT',
  'PWD',
  'OLDPWD',
  'SHLVL',
  'PILOTLIGHT_LAUNCH',
]);
const VARIABLES = {
  MINE: 'two words\nand a line',
  NODE_OPTIONS: '--no-warnings',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
};

async function self(t: TestContext, launch: string, variables: Record<string, string> = VARIABLES) {
  const bootstrap = await useBootstrap(t, {
    files: SELF,
    variables: { PILOTLIGHT_LAUNCH: launch, ...variables },
  });
  const post = await bootstrap.api.send({ id: 'a' });
  return { ...bootstrap, worker: JSON.parse(String(post.body)) };
}

test('a worker has the same command, folder, variables and group, whoever started it', async (t) => {
  const [overlap, node] = await Promise.all([self(t, 'overlap'), self(t, 'node')]);
  const comparable = ({ worker, folder }: Awaited<ReturnType<typeof self>>) => ({
    ...worker,
    pid: 0,
    command: worker.command.map((item: string) => item.replace(folder, '')),
    folder: worker.folder.replace(folder, ''),
    variables: Object.fromEntries(
      Object.entries<string>(worker.variables)
        .filter(([name]) => !OWN_TO_THE_FORM.has(name))
        .map(([name, value]) => [name, value.replaceAll(folder, '')])
        .toSorted(),
    ),
  });
  assert.deepEqual(comparable(overlap), comparable(node));
  assert.partialDeepStrictEqual(comparable(overlap), {
    command: [
      '/opt/bin/node',
      '--inspect-port=127.0.0.1:0',
      '--inspect-publish-uid=http',
      '--max-old-space-size=384',
      '--max-semi-space-size=16',
      '/opt/pilotlight/hosts/node.mjs',
    ],
    folder: '/task',
    leads: true,
    variables: {
      MINE: VARIABLES.MINE,
      NODE_OPTIONS: '--no-warnings',
      AWS_EXECUTION_ENV: 'AWS_Lambda_provided.al2023',
    },
  });
});

test('with PILOTLIGHT_LAUNCH=overlap the worker was there before the bootstrap itself', async (t) => {
  const { worker, child } = await self(t, 'overlap');
  const startTicks = (pid: number) =>
    Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[19]);
  // The bootstrap has the shell's process id and with it the shell's start; its worker follows at once.
  assert.equal(worker.variables.PILOTLIGHT_LAUNCHED, undefined);
  const between = startTicks(worker.pid) - startTicks(child.pid as number);
  assert.ok(between >= 0);
  assert.match(
    readFileSync(`/proc/${child.pid}/environ`, 'latin1'),
    new RegExp(`PILOTLIGHT_LAUNCHED=node ${worker.pid} `),
  );
});

for (const [end, type, told] of [
  ['exit', 'Runtime.ExitError', /exited with code 7/],
  ['SIGKILL', 'Runtime.WorkerKilled', /ended by SIGKILL/],
  ['SIGABRT', 'Runtime.WorkerAborted', /ended by SIGABRT/],
] as const) {
  test(`a worker that the shell started is told by how it ended (${end}), and replaced`, async (t) => {
    const { api, worker } = await self(t, 'overlap');
    const post = await api.send({ id: 'b', body: JSON.stringify({ end }) });
    assert.equal(post.headers['lambda-runtime-function-error-type'], type);
    assert.match(JSON.parse(String(post.body)).errorMessage, told);
    const next = JSON.parse(String((await api.send({ id: 'c' })).body));
    assert.notEqual(next.pid, worker.pid);
    assert.equal(next.variables.PILOTLIGHT_LAUNCHED, undefined);
  });
}

for (const left of ['group', 'session']) {
  test(`a worker that the shell started has ended, though a child in its ${left} holds its lines open`, async (t) => {
    const { api } = await self(t, 'overlap');
    const child = Number((await api.send({ id: 'b', body: JSON.stringify({ left }) })).body);
    const { headers } = await api.send({ id: 'c', body: '{"end":"exit"}' });
    assert.equal(headers['lambda-runtime-function-error-type'], 'Runtime.ExitError');
    // The next worker has waited for the end of what was left.
    await api.send({ id: 'd' });
    const stat = readProcessStat(child);
    assert.ok(stat === undefined || hasEnded(stat));
  });
}

test('a worker that the shell started holds no other end of its own pipes', async (t) => {
  const { worker } = await self(t, 'overlap');
  const linkOf = (fd: string | number) => readlinkSync(`/proc/${worker.pid}/fd/${fd}`);
  const own = [0, 2, 3].map(linkOf);
  assert.ok(own.every((link) => link.startsWith('pipe:')));
  const others = readdirSync(`/proc/${worker.pid}/fd`).filter((fd) => Number(fd) > 3);
  assert.deepEqual(
    others.filter((fd) => own.includes(linkOf(fd))),
    [],
  );
});

test('the bootstrap starts the worker itself when a debugger is asked for', async (t) => {
  const { child } = await self(t, 'overlap', { PILOTLIGHT_INSPECT: '0' });
  assert.doesNotMatch(readFileSync(`/proc/${child.pid}/environ`, 'latin1'), /PILOTLIGHT_LAUNCHED=/);
});

test('the shell finds its way in a folder with a blank and an ampersand in its name', async (t) => {
  const { api, child } = await useBootstrap(t, { files: SELF, folderName: 'R&D {binary}' });
  const { folder } = JSON.parse(String((await api.send({ id: 'a' })).body));
  assert.match(folder, /\/R&D \{binary\}\/task$/);
  assert.match(readFileSync(`/proc/${child.pid}/environ`, 'latin1'), /PILOTLIGHT_LAUNCHED=/);
});

test('the shell leaves the choice to the bootstrap where there are two interpreters', async (t) => {
  const { api, child } = await useBootstrap(t, {
    files: SELF,
    opt: { 'interpreters/other.start': '{bootstrap}\n\n/absent\n' },
  });
  await api.send({ id: 'a' });
  assert.doesNotMatch(readFileSync(`/proc/${child.pid}/environ`, 'latin1'), /PILOTLIGHT_LAUNCHED=/);
});

test('a worker whose program cannot be run is an init error with what the shell said', async (t) => {
  const { api, exited } = await useBootstrap(t, {
    files: SELF,
    opt: {
      'interpreters/node.start': '{binary}\n{bootstrap}\n\n/absent/program\n',
      // For the second start, where the shell itself had seen the end of the first.
      'interpreters/node.json': JSON.stringify({ ...NODE_MANIFEST, worker: ['/absent/program'] }),
    },
  });
  const error = JSON.parse(String((await api.initError()).body));
  assert.equal(error.errorType, 'Runtime.WorkerStartFailed');
  // In the shell's words or in Node's.
  assert.match(error.errorMessage, /exited with code 127|spawn \/absent\/program ENOENT/);
  assert.match(`${error.errorMessage} ${error.trace.join('\n')}`, /\/absent\/program/);
  assert.equal(await exited, 1);
});

test('a worker that died before the shell became the bootstrap is started again by the bootstrap', async (t) => {
  // It makes the shell wait for the worker that it has just started.
  const patience = 'set() { builtin set "$@"; [[ $1 != +m ]] || wait $!; }; source "$0"';
  const { api, child, stderr } = await useBootstrap(t, {
    files: SELF,
    command: (bootstrap) => ['bash', '-c', patience, bootstrap],
    variables: { PILOTLIGHT_LOG: 'debug' },
    opt: { 'interpreters/node.start': '{binary}\n{bootstrap}\n\n/bin/false\n' },
  });
  const answer = JSON.parse(String((await api.send({ id: 'a' })).body));
  const [, first] = /worker (\d+) ended before the bootstrap began/.exec(stderr()) ?? [];
  assert.match(readFileSync(`/proc/${child.pid}/environ`, 'latin1'), new RegExp(`LAUNCHED=node ${first} `));
  assert.notEqual(answer.pid, Number(first));
});
