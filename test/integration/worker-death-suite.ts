import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { BootstrapInterpreter } from '../helpers/bootstrap-on.ts';
import type { Post } from '../helpers/scripted-lambda-api.ts';
import { type BootstrapRequest, useBootstrap as start } from '../helpers/use-bootstrap.ts';

/** Ends its process as the event says, after a line of log and one of standard error. */
const MORTAL = {
  'function.bundle.js': `import { closeSync, globSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
    const linkOf = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } };
    const ENDS = {
      exit: ({ code }) => process.exit(code),
      kill: () => process.kill(process.pid, 'SIGKILL'),
      abort: () => process.abort(),
      heap: () => { for (const all = []; ; ) all.push(Array.from({ length: 1000 }, () => ({}))); },
      socket: () => {
        for (const path of globSync(process.env.TMPDIR + '/pilotlight*/run/*.sock')) rmSync(path);
        for (const fd of readdirSync('/proc/self/fd')) if (linkOf(fd).startsWith('socket:')) closeSync(Number(fd));
      },
    };
    export const handler = async (event) => {
      if (event.end === undefined) return { worker: process.pid, bootstrap: process.ppid };
      console.error('the log says', event.end);
      process.stderr.write('standard error says ' + event.end + '\\n');
      ENDS[event.end](event);
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    };`,
};
const readHost = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/hosts', name), 'utf8');

/** Each way to end, and what its caller is told. */
const DEATHS = [
  [{ end: 'exit', code: 0 }, 'Runtime.ExitError', /the worker exited with code 0; peak memory \d+ MiB$/],
  [{ end: 'exit', code: 7 }, 'Runtime.ExitError', /the worker exited with code 7; peak memory \d+ MiB$/],
  [{ end: 'kill' }, 'Runtime.WorkerKilled', /the worker was ended by SIGKILL; peak memory not known$/],
  [
    { end: 'heap' },
    'Runtime.OutOfMemory',
    /the worker's heap was full with \d+ MiB in use; peak memory \d+ MiB; raise .*PILOTLIGHT_HEAP_MIB$/,
  ],
  [{ end: 'abort' }, 'Runtime.WorkerAborted', /the worker was ended by SIGABRT; peak memory \d+ MiB$/],
  [
    { end: 'socket' },
    'Runtime.WorkerUnreachable',
    /its socket ".+\.sock" is gone, though its process lives; peak memory \d+ MiB$/,
  ],
] as const;

function errorOf(post: Post): { errorType: string; errorMessage: string; trace: string[] } {
  assert.match(post.path, /\/error$/);
  const error = JSON.parse(String(post.body));
  assert.equal(post.headers['lambda-runtime-function-error-type'], error.errorType);
  return error;
}

/**
 * What callers are told of a worker's death, and that nobody but them notices it.
 *
 * @param form the variables that choose among the bootstrap's forms, such as the transport
 * @param on what it runs on instead of Node: then only what each interpreter does in its own way
 */
export function workerDeathSuite(form: Readonly<Record<string, string>>, on?: BootstrapInterpreter): void {
  const useBootstrap = (t: TestContext, request: BootstrapRequest) =>
    start(t, { ...request, on, variables: { PILOTLIGHT_HEAP_MIB: '48', ...form, ...request.variables } });
  const testOnNode = (title: string, check: (t: TestContext) => Promise<void>) =>
    on === undefined ? test(title, check) : undefined;
  const useMisbehaving = async (t: TestContext) => {
    const { api } = await useBootstrap(t, {
      files: { 'function.bundle.js': '' },
      opt: { 'pilotlight/hosts/node.mjs': readHost('misbehaves.mjs') },
    });
    return (id: string, act: string) => api.send({ id, body: JSON.stringify({ act }) });
  };

  test('six deaths in a row are six clear errors, and the seventh call succeeds in the same environment', async (t) => {
    const { api, child, folder } = await useBootstrap(t, { files: MORTAL });
    for (const [number, [event, type, message]] of DEATHS.entries()) {
      const error = errorOf(await api.send({ id: `death-${number}`, body: JSON.stringify(event) }));
      assert.equal(error.errorType, type);
      assert.match(error.errorMessage, message);
      assert.ok(error.trace.includes(`standard error says ${event.end}`), error.trace.join('\n'));
      // Who is killed from outside cannot hand over what it wrote to the log.
      const hasLog = error.trace.some((line) => line.endsWith(`the log says ${event.end}`));
      assert.equal(hasLog, ['exit', 'abort'].includes(event.end), error.trace.join('\n'));
    }
    const seventh = await api.send({ id: 'seventh' });
    assert.match(seventh.path, /\/seventh\/response$/);
    assert.equal(JSON.parse(String(seventh.body)).bootstrap, child.pid);
    assert.equal(api.posts.length, DEATHS.length + 1);
    const left = readdirSync(join(folder, 'tmp/pilotlight/run'));
    assert.deepEqual(
      left.filter((name) => name.endsWith('.json')),
      [],
    );
  });

  testOnNode('a deleted socket alone costs nothing: the connection lives on', async (t) => {
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `import { globSync, rmSync } from 'node:fs';
          export const handler = () => {
            for (const path of globSync(process.env.TMPDIR + '/pilotlight*/run/*.sock')) rmSync(path);
            return process.pid;
          };`,
      },
    });
    const first = await api.send({ id: 'a' });
    assert.match(first.path, /\/a\/response$/);
    assert.equal(String((await api.send({ id: 'b' })).body), String(first.body));
  });

  testOnNode('a worker that died while it was idle costs no invocation', async (t) => {
    const { api } = await useBootstrap(t, { files: MORTAL });
    const { worker } = JSON.parse(String((await api.send({ id: 'a' })).body));
    await api.polled();
    process.kill(worker, 'SIGKILL');
    const next = await api.send({ id: 'b' });
    assert.match(next.path, /\/b\/response$/);
    assert.notEqual(JSON.parse(String(next.body)).worker, worker);
  });

  test('an event that a worker has not read when it dies goes to the next, once', async (t) => {
    const { api } = await useBootstrap(t, {
      files: { 'function.bundle.js': '' },
      opt: { 'pilotlight/hosts/node.mjs': readHost('dies-unread.mjs') },
    });
    assert.match((await api.send({ id: 'a' })).path, /\/a\/response$/);
    assert.equal(api.posts.length, 1);
  });

  for (const [act, message] of [
    ['garbage', /it is no HTTP: /],
    ['unfinished', /it is no HTTP: /],
    ['half', /it broke off in the middle/],
    ['status', /got status 302, expected 200 or 500/],
    ['other', /it is for invocation "somebody-else", expected "wrong"/],
    ['stream', /it is for invocation "somebody-else", expected "wrong"/],
    ['nobody', /it is for no invocation, expected "wrong"/],
  ] as const) {
    testOnNode(`an answer that is none is told as such, and its worker replaced (${act})`, async (t) => {
      const send = await useMisbehaving(t);
      const pid = String((await send('right', 'pid')).body);
      const error = errorOf(await send('wrong', act));
      assert.equal(error.errorType, 'Runtime.WorkerGarbled');
      assert.match(error.errorMessage, message);
      assert.match(error.errorMessage, /^Cannot use the worker's answer: .*; peak memory \d+ MiB$/);
      assert.deepEqual(error.trace.slice(-1), ['acts on wrong']);
      const next = await send('next', 'pid');
      assert.match(next.path, /\/next\/response$/);
      assert.notEqual(String(next.body), pid);
    });
  }

  test('a worker that closes its connection and lives is told as such, and replaced', async (t) => {
    const send = await useMisbehaving(t);
    const pid = String((await send('right', 'pid')).body);
    const error = errorOf(await send('wrong', 'closes'));
    assert.equal(error.errorType, 'Runtime.WorkerUnreachable');
    assert.match(error.errorMessage, /, though its process lives; peak memory \d+ MiB$/);
    assert.notEqual(String((await send('next', 'pid')).body), pid);
  });

  testOnNode('the second of two answers is never that of the next invocation', async (t) => {
    const send = await useMisbehaving(t);
    assert.equal(String((await send('a', 'twice')).body), '"first"');
    assert.match(String((await send('b', 'pid')).body), /^\d+$/);
  });

  testOnNode('an answer that comes again in the next invocation is told as one for another', async (t) => {
    const send = await useMisbehaving(t);
    assert.equal(String((await send('a', 'late')).body), '"first"');
    const error = errorOf(await send('b', 'pid'));
    assert.match(error.errorMessage, /it is for invocation "a", expected "b"/);
    assert.match(String((await send('c', 'pid')).body), /^\d+$/);
  });
}
