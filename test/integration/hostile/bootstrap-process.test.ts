import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { useHostile } from './hostile-suite.ts';

const PERL = '/usr/bin/perl';
const SECRET = /AWS_LAMBDA_RUNTIME_API|AWS_SECRET|AWS_SESSION|AWS_ACCESS|local-lambda-secret/;
const PTRACE_SCOPE = '/proc/sys/kernel/yama/ptrace_scope';
/** Where the system restricts tracing to parents, a worker cannot trace its own. */
const mayTrace = !existsSync(PTRACE_SCOPE) || readFileSync(PTRACE_SCOPE, 'utf8').trim() === '0';

describe('a bundle that turns on the bootstrap changes no other answer', () => {
  // The next call's environment starts within this time.
  const hostile = useHostile('bootstrap-process.mjs', { timeoutS: 5 });

  test('environ: holds neither the address of the Runtime API nor credentials (harmless)', async () => {
    const variables = (await hostile.act({ act: 'environ' })).value as string[];
    assert.ok(variables.some((item) => item.startsWith('AWS_LAMBDA_FUNCTION_NAME=')));
    assert.deepEqual(
      variables.filter((item) => SECRET.test(item)),
      [],
    );
  });

  test('cmdline: holds no secret (harmless)', async () => {
    const args = (await hostile.act({ act: 'cmdline' })).value as string[];
    assert.match(String(args[0]), /bin\/node$/);
    assert.ok(args.includes('--disable-sigusr1'));
    assert.doesNotMatch(args.join(' '), /\d+\.\d+\.\d+\.\d+:|token|[0-9a-f]{32}/i);
  });

  test('descriptors: can be listed, but its sockets not opened (refused)', async () => {
    const found = (await hostile.act({ act: 'descriptors' })).value as { link: string; opened: string }[];
    const sockets = found.filter(({ link }) => link.startsWith('socket:'));
    // To the Runtime API and to the worker, at least.
    assert.ok(sockets.length >= 2);
    for (const { opened } of sockets) assert.equal(opened, 'ENXIO');
  });

  test('memory: can be read where processes of a user may trace each other (possible)', async () => {
    const { value } = await hostile.act({ act: 'memory', pattern: 'local-lambda-secret-[a-z-]+' });
    if (mayTrace) assert.match(String(value), /^local-lambda-secret-\w/);
    else assert.match(String(value), /^E(ACCES|PERM)$/);
  });

  test('tracing: stops the bootstrap where processes of a user may trace each other (possible)', {
    skip: existsSync(PERL) ? false : `${PERL} is not installed`,
  }, async () => {
    const { value } = await hostile.act({ act: 'trace' });
    if (mayTrace) assert.equal(value, 'traced');
    else assert.match(JSON.stringify(value), /refused/);
  });

  test('SIGUSR1: opens no debugger in the bootstrap (refused)', async () => {
    for (const _ of [1, 2]) assert.equal((await hostile.act({ act: 'debug' })).value, false);
  });

  test('other processes: only those of the environment are seen, none with the address (refused)', async (t) => {
    if (hostile.lambda.isolation.name === 'paths') return t.skip('no namespaces here');
    const { value } = await hostile.act({ act: 'processes' });
    const seen = value as { command: string; environ: string }[];
    // Process 1, perhaps with a child, the bootstrap and its worker.
    assert.ok(seen.length <= 4, JSON.stringify(seen));
    for (const { environ } of seen) assert.doesNotMatch(environ, /AWS_LAMBDA_RUNTIME_API=/);
  });

  for (const signal of ['SIGTERM', 'SIGKILL']) {
    test(`${signal}: ends its own environment (possible)`, async () => {
      const { value, failed } = await hostile.act({ act: 'signal', signal });
      assert.ok(failed);
      assert.match((value as { errorType: string }).errorType, /^(Runtime\.ExitError|Sandbox\.Timedout)$/);
    });
  }

  test('SIGSTOP: makes its own invocation time out (possible)', async () => {
    const { value } = await hostile.act({ act: 'signal', signal: 'SIGSTOP' });
    assert.match((value as { errorMessage: string }).errorMessage, /timed out/);
  });
});
