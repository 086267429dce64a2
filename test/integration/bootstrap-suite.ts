import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { BootstrapInterpreter } from '../helpers/bootstrap-on.ts';
import { type BootstrapRequest, useBootstrap as start } from '../helpers/use-bootstrap.ts';

const ECHO = { 'function.bundle.js': 'export const handler = (event) => event;' };
const PID = { 'function.bundle.js': 'export const handler = () => process.pid;' };

/**
 * What a bootstrap does with a Runtime API, also with one that misbehaves.
 *
 * @param form the variables that choose among its forms, such as the transport
 * @param on what it runs on instead of Node: then only what each interpreter does in its own way
 */
export function bootstrapSuite(form: Readonly<Record<string, string>>, on?: BootstrapInterpreter): void {
  const useBootstrap = (t: TestContext, request: BootstrapRequest) =>
    start(t, { ...request, on, variables: { ...form, ...request.variables } });
  const testOnNode = (title: string, check: (t: TestContext) => Promise<void>) =>
    on === undefined ? test(title, check) : undefined;

  test('the bootstrap carries every header and byte through', async (t) => {
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `export const handler = (event, context) => ({ event, context: {
          ...context, remains: context.getRemainingTimeInMillis() > 0, traceVariable: process.env._X_AMZN_TRACE_ID } });`,
      },
    });
    const clientContext = { custom: { 'ü€😀': 'é' } };
    const latin1 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('latin1');
    const post = await api.send({
      id: '8f1c2a00-0000-4000-8000-000000000001',
      body: '{"text":"ü€😀"}',
      headers: {
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-central-1:123456789012:function:f:live',
        'Lambda-Runtime-Trace-Id': 'Root=1-5e1b4151-5ac6c58f;Parent=1;Sampled=1',
        'Lambda-Runtime-Client-Context': latin1(clientContext),
        'Lambda-Runtime-Cognito-Identity': latin1({ cognitoIdentityId: 'id', cognitoIdentityPoolId: 'pool' }),
        'Lambda-Runtime-Aws-Tenant-Id': 'tenant 1',
        'Lambda-Runtime-Invocation-Id': 'nonce-1',
      },
    });
    assert.equal(post.path, '/2018-06-01/runtime/invocation/8f1c2a00-0000-4000-8000-000000000001/response');
    assert.equal(post.headers['content-type'], 'application/json');
    assert.equal(post.headers['lambda-runtime-invocation-id'], 'nonce-1');
    assert.partialDeepStrictEqual(JSON.parse(String(post.body)), {
      event: { text: 'ü€😀' },
      context: {
        awsRequestId: '8f1c2a00-0000-4000-8000-000000000001',
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:f:live',
        clientContext,
        identity: { cognitoIdentityId: 'id', cognitoIdentityPoolId: 'pool' },
        tenantId: 'tenant 1',
        xRayTraceId: 'Root=1-5e1b4151-5ac6c58f;Parent=1;Sampled=1',
        traceVariable: 'Root=1-5e1b4151-5ac6c58f;Parent=1;Sampled=1',
        memoryLimitInMB: '256',
        remains: true,
      },
    });
  });

  testOnNode('the bootstrap posts an event that is no JSON as a function error, and goes on', async (t) => {
    const { api } = await useBootstrap(t, { files: ECHO });
    const bad = await api.send({ id: 'a', body: '{"half":' });
    assert.match(bad.path, /\/a\/error$/);
    assert.equal(bad.headers['lambda-runtime-function-error-type'], 'Runtime.UnmarshalError');
    const good = await api.send({ id: 'b', body: '[null]' });
    assert.equal(String(good.body), '[null]');
  });

  for (const status of [400, 403, 410, 413]) {
    testOnNode(
      `the bootstrap goes on after an answer was refused with ${status}, and posts nothing else for it`,
      async (t) => {
        const { api } = await useBootstrap(t, { files: ECHO });
        api.reactions.push({ status });
        await api.send({ id: 'refused' });
        await api.send({ id: 'next' });
        assert.deepEqual(
          api.posts.map((post) => post.path.split('/').at(-2)),
          ['refused', 'next'],
        );
      },
    );
  }

  test('the bootstrap exits with 1 when the platform answers 500, and leaves nothing in its folder', async (t) => {
    const { api, exited, folder } = await useBootstrap(t, { files: ECHO });
    api.reactions.push({ status: 500 });
    await api.send({ id: 'a' });
    assert.equal(await exited, 1);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  });

  for (const reaction of ['reset', 'half'] as const) {
    test(`the bootstrap posts an answer again when the connection breaks under it (${reaction})`, async (t) => {
      const { api } = await useBootstrap(t, { files: ECHO });
      api.reactions.push(reaction);
      await api.send({ id: 'a', body: '1' });
      const next = await api.send({ id: 'b', body: '2' });
      assert.equal(String(next.body), '2');
      assert.deepEqual(
        api.posts.map((post) => String(post.body)),
        ['1', '1', '2'],
      );
    });

    test(`the bootstrap polls again when a poll breaks (${reaction})`, async (t) => {
      const { api } = await useBootstrap(t, { files: ECHO });
      api.pollReactions.push(reaction);
      assert.equal(String((await api.send({ id: 'a', body: '1' })).body), '1');
    });
  }

  test('the bootstrap ends with 0 on SIGTERM while it waits, its worker and its folder with it', async (t) => {
    const { api, child, exited, folder } = await useBootstrap(t, { files: PID });
    const pid = Number((await api.send({ id: 'a' })).body);
    await api.polled();
    child.kill('SIGTERM');
    assert.equal(await exited, 0);
    assert.equal(runs(pid), false);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  });

  test('the bootstrap answers the running invocation before it ends on SIGTERM', async (t) => {
    const { api, child, exited, folder } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `import { existsSync, writeFileSync } from 'node:fs';
          export const handler = async () => {
            writeFileSync(process.env.TMPDIR + '/started', '');
            while (!existsSync(process.env.TMPDIR + '/go')) await new Promise((resolve) => setTimeout(resolve, 2));
            return 'done';
          };`,
      },
    });
    const answered = api.send({ id: 'a' });
    const { writeFileSync, watch } = await import('node:fs');
    const tmp = join(folder, 'tmp');
    await new Promise<void>((resolve) => {
      const watcher = watch(tmp, () => {
        if (existsSync(join(tmp, 'started'))) resolve(watcher.close());
      });
      if (existsSync(join(tmp, 'started'))) resolve(watcher.close());
    });
    child.kill('SIGTERM');
    writeFileSync(join(tmp, 'go'), '');
    assert.equal(String((await answered).body), '"done"');
    assert.equal(await exited, 0);
  });

  test('a worker that dies while a large event flows to it costs no other invocation', async (t) => {
    const { api } = await useBootstrap(t, { files: PID });
    const pid = Number((await api.send({ id: 'a' })).body);
    // It reads nothing any more, so the event cannot have arrived whole.
    process.kill(pid, 'SIGSTOP');
    const large = api.send({ id: 'large', body: JSON.stringify('x'.repeat(6_000_000)) });
    process.kill(pid, 'SIGKILL');
    const post = await large;
    // It may die before the event is on its way to it: then the next worker takes the event.
    if (post.path.endsWith('/error')) {
      assert.equal(post.headers['lambda-runtime-function-error-type'], 'Runtime.WorkerKilled');
    } else assert.notEqual(Number(post.body), pid);
    assert.notEqual(Number((await api.send({ id: 'b' })).body), pid);
    assert.equal(api.posts.length, 3);
  });

  test('a worker ends when its bootstrap is killed', async (t) => {
    const { api, child, exited } = await useBootstrap(t, { files: PID });
    const pid = Number((await api.send({ id: 'a' })).body);
    const worker = watchEnd(pid);
    child.kill('SIGKILL');
    await exited;
    await worker;
  });

  test("the user's interpreter variables reach the worker and never the bootstrap", async (t) => {
    const { api, child } = await useBootstrap(t, {
      files: {
        'function.bundle.js':
          'export const handler = () => [process.env.NODE_OPTIONS, process.execArgv.length > 0, process.env.DENO_DIR, process.env.NODE_EXTRA_CA_CERTS, globalThis.required];',
        'required.cjs': 'globalThis.required = true;',
      },
      variables: {
        NODE_OPTIONS: '--require ./required.cjs',
        DENO_DIR: '/d',
        NODE_EXTRA_CA_CERTS: '/absent.pem',
      },
    });
    const post = await api.send({ id: 'a' });
    assert.deepEqual(JSON.parse(String(post.body)), [
      '--require ./required.cjs',
      true,
      '/d',
      '/absent.pem',
      true,
    ]);
    const bootstrap = readFileSync(`/proc/${child.pid}/environ`, 'latin1').split('\0');
    assert.deepEqual(
      bootstrap.filter((line) => /^(NODE_|DENO_)/.test(line) && !line.includes('/opt/interpreters/')),
      [],
    );
  });

  testOnNode('AWS_LAMBDA_EXEC_WRAPPER starts the worker, and no Runtime API is in sight of it', async (t) => {
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js':
          'export const handler = () => [process.env.WRAPPED, process.env.AWS_LAMBDA_RUNTIME_API ?? null, process.env.AWS_EXECUTION_ENV];',
        wrapper: '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n',
      },
      variables: { AWS_LAMBDA_EXEC_WRAPPER: './wrapper' },
    });
    const post = await api.send({ id: 'a' });
    assert.deepEqual(JSON.parse(String(post.body)), ['yes', null, 'AWS_Lambda_provided.al2023']);
  });

  for (const [level, lines] of [
    ['error', /^$/],
    ['debug', /^pilotlight debug overlay: function\.bundle\.js from the function part$/m],
  ] as const) {
    testOnNode(`the bootstrap says with PILOTLIGHT_LOG=${level} what the level asks for`, async (t) => {
      const { api, stderr } = await useBootstrap(t, { files: ECHO, variables: { PILOTLIGHT_LOG: level } });
      api.reactions.push({ status: 403 });
      await api.send({ id: 'a' });
      await api.polled();
      assert.match(stderr(), lines);
    });
  }

  test('a wrapper that does not exist is an init error that names it', async (t) => {
    const { api, exited } = await useBootstrap(t, {
      files: ECHO,
      variables: { AWS_LAMBDA_EXEC_WRAPPER: '/absent/wrapper' },
    });
    const error = await api.initError();
    assert.equal(error.headers['lambda-runtime-function-error-type'], 'Runtime.WorkerStartFailed');
    assert.match(String(error.body), /\/absent\/wrapper/);
    assert.equal(await exited, 1);
  });

  testOnNode('an interpreter that cannot be executed is an init error, from the shell itself', async (t) => {
    const { api, exited } = await useBootstrap(t, {
      files: ECHO,
      opt: { 'interpreters/node.start': '/dev/null\n{bootstrap}\n' },
    });
    const error = await api.initError();
    assert.equal(JSON.parse(String(error.body)).errorType, 'Runtime.InterpreterUnusable');
    assert.equal(await exited, 1);
  });

  test('the bootstrap takes AWS_LAMBDA_MAX_CONCURRENCY events at once into one worker', async (t) => {
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `let waiting = [];
          export const handler = async () => {
            if (waiting.push(Promise.withResolvers()) === 4) for (const { resolve } of waiting) resolve();
            await waiting.at(-1).promise;
            return process.pid;
          };`,
      },
      variables: { AWS_LAMBDA_MAX_CONCURRENCY: '4' },
    });
    const posts = await Promise.all(['a', 'b', 'c', 'd'].map((id) => api.send({ id })));
    assert.equal(new Set(posts.map((post) => String(post.body))).size, 1);
  });

  for (const [host, name] of [
    ['127.0.0.1', 'localhost'],
    ['::1', '[::1]'],
  ] as const) {
    test(`the bootstrap reaches a Runtime API called ${name}`, async (t) => {
      const { api } = await useBootstrap(t, {
        files: ECHO,
        host,
        authority: (authority) => `${name}:${authority.slice(authority.lastIndexOf(':') + 1)}`,
      });
      assert.equal(String((await api.send({ id: 'a', body: '7' })).body), '7');
    });
  }
}

/** Resolves when a process that is no child of ours has ended: `tail --pid` waits for exactly that. */
async function watchEnd(pid: number): Promise<void> {
  await once(spawn('/usr/bin/tail', [`--pid=${pid}`, '-s0.01', '-f', '/dev/null']), 'exit');
}

/** Whether a process has not ended; it may still wait for whoever inherited it to ask how. */
function runs(pid: number): boolean {
  try {
    return !/^State:\sZ/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
