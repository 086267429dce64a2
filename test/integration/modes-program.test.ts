import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Post } from '../helpers/scripted-lambda-api.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

const MEGABYTE = 1_000_000;

/** Does what the event says, as a program of any language would. */
const PROGRAM = `#!/bin/bash
  read -r event
  case $event in
    echo) echo 'this is log'; echo "\${event@Q}" >&3 ;;
    context) printf '%s\\n' "$1" "$LAMBDA_RUNTIME_AWS_REQUEST_ID" "$LAMBDA_RUNTIME_DEADLINE_MS" "$_X_AMZN_TRACE_ID" "$$" >&3 ;;
    names) cat /dev/stdin >/dev/fd/3; echo 'this is an error' >/dev/stderr ;;
    nothing) ;;
    fail) echo half >&3; echo 'it went wrong' >&2; exit 3 ;;
    told) echo '{"errorType":"Shell.Broken","errorMessage":"on purpose"}' >&3; exit 1 ;;
    killed) kill -KILL $$ ;;
    closed) echo early >&3; exec 3>&-; exit 0 ;;
    pipe) yes | head -1 >&3 ;;
    hang) sleep 60 ;;
    child) (trap '' HUP; sleep 60) & echo kept >&3 ;;
    away) setsid bash -c 'echo away >&3; touch $TMPDIR/away; exec sleep 60' & until [[ -e $TMPDIR/away ]]; do sleep 0.01; done ;;
    *) cat >&3 ;;
  esac
`;
const PROCESS = { PILOTLIGHT_MODE: 'process' };

function useProgram(
  t: TestContext,
  files: Record<string, string>,
  variables: Record<string, string> = {},
): Promise<TestBootstrap> {
  return useBootstrap(t, { files, variables: { ...PROCESS, ...variables } });
}

const idOf = (body: string) => `id-${body.replace(/\W/g, '').slice(0, 9)}`;

async function answer({ api }: TestBootstrap, body: string, headers = {}): Promise<string> {
  const post = await api.send({ id: idOf(body), body, headers });
  assert.match(post.path, /\/response$/, String(post.body));
  return String(post.body);
}

async function fail({ api }: TestBootstrap, body: string, headers = {}) {
  const post = await api.send({ id: idOf(body), body, headers });
  assert.match(post.path, /\/error$/);
  return JSON.parse(String(post.body));
}

test('a Bash script gets each event in a process of its own, with its context as argument and variables', async (t) => {
  const bootstrap = await useProgram(t, { 'function.sh': PROGRAM });
  assert.equal(await answer(bootstrap, 'echo'), "'echo'\n");
  const headers = {
    'lambda-runtime-trace-id': 'Root=1-a;Sampled=1',
    'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
  };
  const told = (await answer(bootstrap, 'context', headers)).split('\n');
  assert.deepEqual(told.slice(0, 4), [
    'function.handler',
    'id-context',
    headers['lambda-runtime-deadline-ms'],
    headers['lambda-runtime-trace-id'],
  ]);
  assert.notEqual((await answer(bootstrap, 'context')).split('\n')[4], told[4]);
  assert.equal(await answer(bootstrap, 'names\nrest'), 'rest');
  assert.match(bootstrap.stderr(), /^this is an error$/m);
  assert.equal(await answer(bootstrap, 'nothing'), '');
  assert.equal(await answer(bootstrap, 'closed'), 'early\n');
  assert.equal(await answer(bootstrap, 'pipe'), 'y\n');
  bootstrap.child.kill('SIGTERM');
  assert.equal(await bootstrap.exited, 0);
  assert.match(await bootstrap.stdout, /^this is log$/m);
});

test('a program that fails is an error of its exit code and its last words, or the one that it tells', async (t) => {
  const bootstrap = await useProgram(t, { 'function.bundle.sh': PROGRAM });
  const failed = await fail(bootstrap, 'fail');
  assert.deepEqual(failed, {
    errorType: 'Runtime.ExitError',
    errorMessage: 'Cannot answer the invocation: the worker exited with code 3',
    trace: ['it went wrong'],
  });
  const told = await fail(bootstrap, 'told');
  assert.deepEqual([told.errorType, told.errorMessage], ['Shell.Broken', 'on purpose']);
  assert.equal((await fail(bootstrap, 'killed')).errorType, 'Runtime.WorkerKilled');
  assert.equal(await answer(bootstrap, 'echo'), "'echo'\n");
});

test('a program that hangs is ended with its children before the deadline', async (t) => {
  const bootstrap = await useProgram(
    t,
    { 'function.bundle': PROGRAM },
    { PILOTLIGHT_DEADLINE_MARGIN_MS: '500' },
  );
  await bootstrap.api.polled();
  const late = await fail(bootstrap, 'hang', { 'lambda-runtime-deadline-ms': String(Date.now() + 2_000) });
  assert.equal(late.errorType, 'Sandbox.Timedout');
  assert.match(late.errorMessage, /^Task timed out after 2\.00 seconds: .*sleep 60/);
  assert.equal(await answer(bootstrap, 'echo'), "'echo'\n");
});

test('children that hold the pipes of a program hold no answer up, and do not outlive it', async (t) => {
  const bootstrap = await useProgram(t, { 'function.bundle': PROGRAM }, { PILOTLIGHT_LOG: 'info' });
  assert.equal(await answer(bootstrap, 'child'), 'kept\n');
  assert.equal(await answer(bootstrap, 'away'), 'away\n');
  // The orphan is gone before the next one starts.
  assert.equal(await answer(bootstrap, 'echo'), "'echo'\n");
  assert.match(bootstrap.stderr(), /process \d+ \(sleep\) has outlived its worker and is ended/);
});

test('a program gets and gives megabytes, read or not', async (t) => {
  const bootstrap = await useProgram(t, {
    'function.bundle': `#!/bin/bash
      [[ $LAMBDA_RUNTIME_AWS_REQUEST_ID == id-unread* ]] && echo unread >&3 && exit
      cat >&3`,
  });
  const large = 'x'.repeat(5 * MEGABYTE);
  assert.equal((await answer(bootstrap, large)) === large, true);
  assert.equal(await answer(bootstrap, `unread---${large}`), 'unread\n');
  assert.equal(await answer(bootstrap, 'small'), 'small');
});

test('with PILOTLIGHT_RESULT=stdout the result is standard output', async (t) => {
  const script = '#!/bin/bash\nset -e\ncat\necho log >&2\n';
  const bootstrap = await useProgram(t, { tool: script }, { PILOTLIGHT_RESULT: 'stdout', _HANDLER: 'tool' });
  assert.equal(await answer(bootstrap, '{"a":1}'), '{"a":1}');
  assert.match(bootstrap.stderr(), /^log$/m);
});

test('with PILOTLIGHT_STREAM=on the output of a program is passed on as it comes, its failure behind it', async (t) => {
  const bootstrap = await useProgram(
    t,
    {
      'function.bundle': `#!/bin/bash
        read -r event
        echo begun >&3
        while [[ ! -e $TMPDIR/go ]]; do sleep 0.01; done
        [[ $event == fail ]] && exit 4
        echo done >&3`,
    },
    { PILOTLIGHT_STREAM: 'on' },
  );
  const { api, folder } = bootstrap;
  const begun = new Promise<Post['headers']>((resolve) => {
    api.takers.push((request, response) => {
      request.once('data', () => {
        resolve(request.headers);
        request.resume().once('end', () => response.writeHead(202).end());
      });
    });
  });
  void api.send({ id: 'a' });
  const headers = await begun;
  assert.equal(headers['lambda-runtime-function-response-mode'], 'streaming');
  writeFileSync(join(folder, 'tmp/go'), '');
  assert.equal(await answer(bootstrap, 'more'), 'begun\ndone\n');
  const { body, trailers } = await api.send({ id: 'f', body: 'fail' });
  assert.equal(String(body), 'begun\n');
  assert.equal(trailers['lambda-runtime-function-error-type'], 'Runtime.ExitError');
});

for (const [what, files, message] of [
  ['Windows line ends', { 'function.bundle': '#!/bin/bash\r\necho\r\n' }, /ends as in Windows \(CRLF\)/],
  [
    'no interpreter',
    { 'function.sh': '#!/usr/bin/none\n' },
    /its interpreter "\/usr\/bin\/none" is not there/,
  ],
  [
    'an interpreter not in PATH',
    { 'function.sh': '#!/usr/bin/env none\n' },
    /"none" is not in PATH, which is "\/usr/,
  ],
  ['no x bit', { 'function.bundle.sh': 'echo\n' }, /not executable, expected mode 755/],
] as const) {
  test(`a program with ${what} is an init error that says so`, async (t) => {
    const { api, exited } = await useProgram(t, files as Record<string, string>);
    const error = JSON.parse(String((await api.initError()).body));
    assert.equal(error.errorType, 'Runtime.InvalidEntrypoint');
    assert.match(error.errorMessage, message);
    assert.equal(await exited, 1);
  });
}

test('a bundle in process mode is the same function, in a process of its own', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: {
      'function.bundle.js': `let calls = 0;
        export const handler = async (event, context) => {
          console.log('this is log');
          if (event === 'throw') throw new RangeError('no');
          if (event === 'exit') process.exit(7);
          return { calls: ++calls, pid: process.pid, id: context.awsRequestId };
        };`,
    },
    variables: PROCESS,
  });
  const seen = [];
  for (const id of 'abc') seen.push(JSON.parse(String((await bootstrap.api.send({ id })).body)));
  assert.deepEqual(
    seen.map(({ calls, id }) => `${id}${calls}`),
    ['a1', 'b1', 'c1'],
  );
  assert.equal(new Set(seen.map(({ pid }) => pid)).size, 3);
  assert.equal((await fail(bootstrap, '"throw"')).errorType, 'RangeError');
  assert.match((await fail(bootstrap, '"exit"')).errorMessage, /exited with code 7;/);
});
