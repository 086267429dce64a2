import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DEADLINE_HEADER, NEXT_PATH, REQUEST_ID_HEADER } from '../../runtime/lambda-api/names.ts';
import type { Candidate, EnvironmentCommand } from '../bench/candidates/candidate.ts';
import type { DriverTask } from '../bench/driver/protocol.ts';
import { bash } from '../bench/peers/bash.ts';
import { go } from '../bench/peers/go.ts';
import { php } from '../bench/peers/php.ts';
import { python } from '../bench/peers/python.ts';
import { rust } from '../bench/peers/rust.ts';
import { webAdapter } from '../bench/peers/web-adapter.ts';
import type { RunResult } from '../bench/result.ts';
import { DriverProcess } from '../bench/run/driver-process.ts';
import { startEnvironment } from '../bench/run/environment.ts';
import { measureCandidate } from '../bench/run/measure-candidate.ts';
import type { Scenario } from '../bench/scenario.ts';
import { needs, type ProgramName } from '../helpers/needs.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PEERS: readonly [Candidate, ProgramName, versions: readonly string[]][] = [
  [php, 'php-curl', ['php']],
  [bash, 'curl', ['bash', 'curl']],
  [python, 'awslambdaric', ['awslambdaric', 'python']],
  [go, 'aws-lambda-go', ['aws-lambda-go', 'go']],
  [rust, 'lambda_runtime', ['lambda_runtime', 'rust']],
  [webAdapter, 'lambda_web_adapter', ['lambda_web_adapter', 'node', 'rust']],
];

const IN_FLIGHT = 4;

for (const [candidate, program, names] of PEERS) {
  const { name } = candidate.info;

  // The driver compares each answer with its event.
  test(
    `${name} answers cold, warm and with large events, and leaves no process`,
    needs(program),
    async (t) => {
      const measure = await useMeasure(t, candidate);
      const cold = await measure({ warmUp: 0, invocations: 1, eventBytes: 150 });
      assert.ok((cold.cold?.firstAnswerNs ?? 0) > (cold.cold?.firstPollNs ?? Number.POSITIVE_INFINITY));
      const largest = Math.min(5_900_000, candidate.maxEventBytes ?? Number.POSITIVE_INFINITY);
      for (const eventBytes of [150, 10_000, 1_000_000, largest]) {
        const { invocations } = await measure({ warmUp: 2, invocations: 5, eventBytes });
        assert.equal(invocations, 5);
      }
    },
  );

  test(`${name} logs one line an invocation when it is told to`, needs(program), async (t) => {
    const logged = await outputOf(t, candidate, { BENCH_LOG: '1' });
    assert.match(logged, /^(handled 00000000-0000-4000-8000-00\d{10}\n){3}$/);
    assert.equal(await outputOf(t, candidate, {}), '');
  });

  test(`${name} tells the versions of what is installed`, needs(program), () => {
    assert.equal(candidate.missing, undefined);
    const { versions } = candidate.info;
    assert.deepEqual(Object.keys(versions).sort(), [...names]);
    for (const version of Object.values(versions)) assert.match(version, /^\d+\.\d+/);
  });

  test(`${name} does not answer an event whose time is over`, needs(program), async (t) => {
    const api = await useTinyApi(t, { deadlineMs: Date.now() - 1000 });
    await withEnvironment(t, candidate, api.port, async (ended) => {
      const outcome = await Promise.race([api.posted(), ended]);
      assert.match(outcome, /\/invocation\/1\/error$|^ended with exit code 1$/);
    });
  });

  if (candidate.maxInFlight > 1) {
    test(`${name} asks for as many events at once as it is told to take`, needs(program), async (t) => {
      const api = await useTinyApi(t);
      await withEnvironment(t, candidate, api.port, async (ended) => {
        await Promise.race([api.polled(IN_FLIGHT), ended.then((how) => assert.fail(`${name} ${how}`))]);
      });
    });
  }
}

type Wanted = Pick<DriverTask, 'warmUp' | 'invocations' | 'eventBytes'> & {
  readonly variables?: Readonly<Record<string, string>>;
};

/** Runs a candidate as the benchmark does, and sees that nothing of it is left. */
async function useMeasure(
  t: TestContext,
  candidate: Candidate,
  wrap: (command: EnvironmentCommand) => EnvironmentCommand = (command) => command,
) {
  const folder = useTmp(t);
  const driver = await DriverProcess.start(undefined, t.signal);
  t.after(() => driver.end());
  const functionFolder = join(folder, 'function');
  await mkdir(functionFolder);
  const command = wrap(await candidate.prepare(functionFolder));
  return async ({ variables = {}, ...wanted }: Wanted): Promise<RunResult> => {
    const task: DriverTask = { ...wanted, inFlight: 1, idleMs: 0, chunked: false, stamped: false };
    const kind = wanted.warmUp === 0 ? 'cold' : 'warm';
    const scenario: Scenario = {
      ...task,
      id: 'test',
      kind,
      title: 'test',
      placement: 'free',
      rounds: 1,
      variables,
      without: [],
    };
    const result = await measureCandidate({
      name: candidate.info.name,
      command,
      scenario,
      task,
      round: 0,
      processor: undefined,
      folder: join(folder, 'environment'),
      driver,
    });
    assert.deepEqual(findProcesses(folder), []);
    return result;
  };
}

/** What three invocations print. */
async function outputOf(t: TestContext, candidate: Candidate, variables: Record<string, string>) {
  const output = join(useTmp(t), 'output');
  const measure = await useMeasure(t, candidate, ({ file, args, ...rest }) => ({
    ...rest,
    file: '/bin/sh',
    args: ['-c', 'exec >"$0" 2>&1; exec "$@"', output, file, ...args],
  }));
  await measure({ warmUp: 0, invocations: 3, eventBytes: 150, variables });
  return readFile(output, 'utf8');
}

/** Runs a candidate until a check is over. */
async function withEnvironment(
  t: TestContext,
  candidate: Candidate,
  port: number,
  check: (ended: Promise<string>) => Promise<void>,
) {
  const folder = useTmp(t);
  const functionFolder = join(folder, 'function');
  await mkdir(functionFolder);
  const environment = await startEnvironment({
    command: await candidate.prepare(functionFolder),
    variables: {},
    port,
    inFlight: candidate.maxInFlight > 1 ? IN_FLIGHT : 1,
    processor: undefined,
    folder: join(folder, 'environment'),
  });
  try {
    await check(environment.ended);
  } finally {
    await environment.end();
  }
}

/** A Runtime API that counts who waits for an event, and hands out one if at all. */
async function useTinyApi(t: TestContext, event?: { readonly deadlineMs: number }) {
  let polls = 0;
  const seen = new EventEmitter<{ poll: []; post: [path: string] }>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.endsWith('/extension/register')) {
      response.setHeader('lambda-extension-identifier', '1').end('{}');
    } else if (path === NEXT_PATH) {
      polls += 1;
      seen.emit('poll');
      if (event === undefined || polls > 1) return;
      response.setHeader(REQUEST_ID_HEADER, '1').setHeader(DEADLINE_HEADER, event.deadlineMs);
      response.setHeader('content-type', 'application/json').end('{}');
    } else if (request.method === 'POST') {
      response.writeHead(202).end('{}');
      seen.emit('post', path);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const posted = once(seen, 'post').then(([path]) => String(path));
  return {
    port: (server.address() as AddressInfo).port,
    posted: () => posted,
    async polled(count: number) {
      while (polls < count) await once(seen, 'poll');
    },
  };
}
