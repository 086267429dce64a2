// The bootstraps that custom runtimes began with, written anew after their descriptions and run as foreign code: each
// answers cold and twice warm, and does with an error what it always did.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { pinnedNode } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { startCommand } from '../helpers/run-command.ts';
import { type TestLambda, useLayers } from '../helpers/use-local-lambda.ts';
import {
  interpreterLayer,
  pack,
  type SeedEvent,
  seedEntries,
  seedEvent,
  seedProgram,
  useSeeds,
} from '../helpers/use-seed.ts';
import { useTmp } from '../helpers/use-tmp.ts';

const PROJECT = join(import.meta.dirname, '../..');

test('a shell with curl answers, and a failure ends it', needs('bwrap', 'curl'), async (t) => {
  const lambda = await useSeeds(t, { bash: { entries: await seedEntries('bash') } });
  const answers = await callThrice(lambda, 'bash', 'http');
  const [first] = answers as { path: string; began: number }[];
  assert.equal(first?.path, '/hello');
  assert.deepEqual(answers, [first, first, first]);
  assert.ok(lambda.lines.some((line) => line.includes('"rawPath":"/hello"')));

  assert.deepEqual(await errorOf(lambda, 'bash', {}), ['Runtime.ExitError', 'exit status 1']);
  const { value } = await lambda.call('bash', await seedEvent('http'));
  assert.ok((value as { began: number }).began > (first?.began ?? 0), 'another shell answers');
});

test('pilotlight invoke runs a zip with a bootstrap of its own', needs('bwrap', 'curl'), async (t) => {
  const zip = await pack(join(useTmp(t), 'walkthrough.zip'), await seedEntries('bash'));
  const event = `@${join(PROJECT, 'test/fixtures/seeds/events/http.json')}`;
  const command = [
    pinnedNode(),
    'runtime/cli.ts',
    'invoke',
    zip,
    '--event',
    event,
    '--timeout',
    '20',
  ] as const;
  const { PATH, HOME, TMPDIR } = process.env;
  const { result } = startCommand(t, command, { cwd: PROJECT, env: { PATH, HOME, TMPDIR } });
  const { code, stdout, stderr } = await result;
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { path: string }).path, '/hello');
});

test('a PHP loop of its own answers, and an exception ends it', needs('bwrap', 'php-layer'), async (t) => {
  const layers = [await interpreterLayer('php')];
  const settings = { handler: 'hello' };
  const lambda = await useSeeds(t, { php: { entries: await seedEntries('php'), layers, settings } });
  const greetings = await callThrice(lambda, 'php', 'http');
  assert.deepEqual(
    greetings,
    [1, 2, 3].map((count) => ({ statusCode: 200, body: `Hello, Ada, for the ${count}. time` })),
  );
  assert.ok(lambda.lines.some((line) => line.includes('call 3')));

  // Lambda is not told why: that is in the log alone.
  assert.deepEqual(await errorOf(lambda, 'php', {}), ['Runtime.ExitError', 'exit status 255']);
  assert.ok(lambda.lines.some((line) => line.includes('InvalidArgumentException: nobody to greet')));
  const { value } = await lambda.call('php', await seedEvent('http'));
  assert.equal((value as { body: string }).body, 'Hello, Ada, for the 1. time');
});

test(
  'a Crystal program that is its bootstrap answers three kinds of events and survives errors',
  needs('bwrap', 'seed-crystal'),
  async (t) => {
    const entries = [await seedProgram('crystal')];
    const kinds = {
      httpevent: { event: 'http', answer: { statusCode: 200, body: 'Hello, Ada' } },
      scheduledevent: { event: 'schedule', answer: { rule: 'every-morning', at: '2026-11-21T08:00:00Z' } },
      snsevent: { event: 'sns', answer: { subjects: ['Order 7'] } },
    } as const;
    const functions = Object.keys(kinds).map((name) => [name, { entries, settings: { handler: name } }]);
    const lambda = await useSeeds(t, Object.fromEntries(functions));
    for (const [name, { event, answer }] of Object.entries(kinds)) {
      const answers = await callThrice(lambda, name, event);
      assert.deepEqual(
        answers,
        [1, 2, 3].map((calls) => ({ ...answer, calls })),
      );
      // An HTTP answer in place of an error's type and message.
      const failed = await lambda.call(name, {});
      assert.ok(failed.failed);
      const { statusCode, body } = failed.value as { statusCode: number; body: string };
      assert.equal(statusCode, 500);
      assert.match(body, /^Missing hash key: /);
      const { value } = await lambda.call(name, await seedEvent(event));
      assert.deepEqual(value, { ...answer, calls: 5 });
    }
  },
);

test(
  'a Crystal program without a handler of the name never polls, and is timed out',
  needs('bwrap', 'seed-crystal'),
  async (t) => {
    const entries = [await seedProgram('crystal')];
    const settings = { handler: 'nobody', timeoutS: 1 };
    const lambda = await useSeeds(t, { crystal: { entries, settings } }, 200);
    const { value } = await lambda.call('crystal', {});
    const { errorType, errorMessage } = value as ErrorBody;
    assert.equal(errorType, 'Sandbox.Timedout');
    assert.match(errorMessage, /Task timed out after 1\.00 seconds$/);
    assert.ok(lambda.lines.some((line) => /INIT_REPORT .*Status: timeout/.test(line)));
  },
);

test(
  'a shell that runs the Node in the task folder answers and survives errors',
  needs('bwrap'),
  async (t) => {
    const node = { path: 'node-linux/bin/node', content: await readFile(pinnedNode()), executable: true };
    const entries = [...(await seedEntries('node')), node];
    const zip = { entries, settings: { handler: 'index.handler', memoryMiB: 512 } };
    const lambda = await useSeeds(t, { node: zip });
    const answers = await callThrice(lambda, 'node', 'sns');
    const answer = { node: process.version, messages: ['Ada orders tea'] };
    assert.deepEqual(
      answers,
      [1, 2, 3].map((calls) => ({ ...answer, calls })),
    );
    const { value: error } = await lambda.call('node', {});
    const { errorType, errorMessage } = error as ErrorBody;
    assert.equal(errorType, 'TypeError');
    assert.match(errorMessage, /undefined/);
    const { value } = await lambda.call('node', await seedEvent('sns'));
    assert.deepEqual(value, { ...answer, calls: 5 });
  },
);

test(
  'a bootstrap in Go before a Deno server answers objects, hides errors and ends with its worker',
  needs('bwrap', 'seed-go'),
  async (t) => {
    const runtime = join(useTmp(t), 'runtime.zip');
    await pack(runtime, [...(await seedEntries('deno/runtime')), await seedProgram('go')]);
    const layers = [await interpreterLayer('deno'), runtime];
    // Both are idle in turn, and each has the port to itself.
    const settings = { memoryMiB: 512, environment: { WORKER_PORT: String(await freePort()) } };
    const dummySettings = { memoryMiB: 512, environment: { WORKER_PORT: String(await freePort()) } };
    const note = { path: 'README', content: Buffer.from('no bundle'), executable: false };
    const lambda = await useSeeds(t, {
      deno: { entries: await seedEntries('deno/function'), layers, settings },
      dummy: { entries: [note], layers, settings: dummySettings },
    });
    const answers = await callThrice(lambda, 'deno', 'schedule');
    const answer = {
      rule: 'arn:aws:events:us-east-1:123456789012:rule/every-morning',
      at: '2026-11-21T08:00:00Z',
    };
    assert.deepEqual(
      answers,
      [1, 2, 3].map((calls) => ({ ...answer, calls })),
    );
    // What throws, what is no object, and an event that is none: all the same to the caller.
    for (const event of [{ 'detail-type': 'other' }, { 'detail-type': 'text' }, [1]]) {
      const { failed, value } = await lambda.call('deno', event);
      assert.deepEqual([failed, value], [false, null]);
    }
    const { value } = await lambda.call('deno', await seedEvent('schedule'));
    assert.deepEqual(value, { ...answer, calls: 7 });

    assert.deepEqual((await lambda.call('dummy', {})).value, { greeting: 'Hello from the layer' });
    assert.deepEqual(await errorOf(lambda, 'dummy', { action: 'kill' }), [
      'Runtime.ExitError',
      'exit status 1',
    ]);
    assert.deepEqual((await lambda.call('dummy', {})).value, { greeting: 'Hello from the layer' });
  },
);

test(
  'a worker in the form of OpenFaaS answers behind our bootstrap by settings alone',
  needs('bwrap'),
  async (t) => {
    const { interpreter, runtime } = await useLayers();
    const port = String(await freePort());
    const environment = { PILOTLIGHT_KIND: 'http', PORT: port, http_port: port };
    const settings = { handler: 'index.handler', environment };
    const entries = await seedEntries('openfaas');
    const lambda = await useSeeds(t, { openfaas: { entries, layers: [interpreter, runtime], settings } });
    const answers = (await callThrice(lambda, 'openfaas', 'http')) as { statusCode: number; body: string }[];
    assert.deepEqual(
      answers.map(({ statusCode, body }) => [statusCode, JSON.parse(body)]),
      [1, 2, 3].map((calls) => [200, { path: '/hello?name=Ada', bytes: 13, calls }]),
    );
    const schedule = await seedEvent('schedule');
    const bytes = JSON.stringify(schedule).length;
    assert.deepEqual((await lambda.call('openfaas', schedule)).value, { path: '/events', bytes, calls: 4 });

    // To a caller over HTTP an error is a status, to others the invocation's.
    const http = { ...((await seedEvent('http')) as object), rawPath: '/fails', rawQueryString: '' };
    const { failed, value } = await lambda.call('openfaas', http);
    const { statusCode, body } = value as { statusCode: number; body: string };
    assert.deepEqual([failed, statusCode, body], [false, 500, 'Error: as asked']);
    assert.ok((await lambda.call('openfaas', { do: 'fails' })).failed);
  },
);

test(
  "a program for OpenFaaS's classic watchdog answers behind our bootstrap by settings alone",
  needs('bwrap'),
  async (t) => {
    const { interpreter, runtime } = await useLayers();
    const environment = { PILOTLIGHT_MODE: 'process', PILOTLIGHT_RESULT: 'stdout' };
    const settings = { handler: 'handler.sh', environment };
    const entries = await seedEntries('openfaas-classic');
    const lambda = await useSeeds(t, { classic: { entries, layers: [interpreter, runtime], settings } });
    const answer = { bytes: JSON.stringify(await seedEvent('http')).length, path: '/hello' };
    assert.deepEqual(await callThrice(lambda, 'classic', 'http'), [answer, answer, answer]);
    const { failed, value } = await lambda.call('classic', 'fails');
    const { errorType, trace } = value as ErrorBody & { trace: string[] };
    assert.deepEqual([failed, errorType, trace], [true, 'Runtime.ExitError', ['cannot do that']]);
    assert.deepEqual((await lambda.call('classic', await seedEvent('http'))).value, answer);
  },
);

interface ErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Sends an event three times, and sees to it that the second and third find the environment as the first left it. */
async function callThrice(lambda: TestLambda, name: string, event: SeedEvent): Promise<unknown[]> {
  const sample = await seedEvent(event);
  const results = [];
  for (let count = 0; count < 3; count += 1) results.push(await lambda.call(name, sample));
  const said = lambda.lines.join('\n');
  assert.deepEqual(
    results.map(({ failed, initMs }) => [failed, initMs === undefined]),
    [
      [false, false],
      [false, true],
      [false, true],
    ],
    said,
  );
  return results.map(({ value }) => value);
}

/** The type of an error, and how its message ends. */
async function errorOf(lambda: TestLambda, name: string, event: unknown): Promise<string[]> {
  const { failed, value } = await lambda.call(name, event);
  assert.ok(failed);
  const { errorType, errorMessage } = value as ErrorBody;
  return [errorType, errorMessage.replace(/^.*error: /, '')];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
