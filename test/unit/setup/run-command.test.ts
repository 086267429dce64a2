import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { useTmp } from '../../helpers/use-tmp.ts';
import { type CommandOptions, runCommand } from '../../setup/run-command.ts';

function useOptions(t: TestContext): CommandOptions & { folder: string } {
  const folder = useTmp(t);
  return {
    folder,
    environment: { PATH: '/usr/bin:/bin' },
    logFile: join(folder, 'log/step.log'),
    next: 'try again',
  };
}

test('runCommand() gives the command its environment and nothing else', async (t) => {
  const options = useOptions(t);
  const script = `[ "$FRUIT" = pear ] && [ -z "$HOME" ]`;
  await runCommand(['/bin/sh', '-c', script], { ...options, environment: { FRUIT: 'pear' } });
});

test('runCommand() fails with the end of the output and keeps all of it in the log file', async (t) => {
  const options = useOptions(t);
  const failing = runCommand(['/bin/sh', '-c', 'seq 100; echo broken >&2; exit 7'], options);
  await assert.rejects(failing, (error: Error & { code: string; next: string }) => {
    assert.equal(error.code, 'CANNOT');
    assert.equal(error.next, 'try again');
    assert.match(error.message, /exited with code 7/);
    assert.match(error.message, /\n {2}broken\n/);
    assert.doesNotMatch(error.message, /\n {2}50\n/);
    return true;
  });
  assert.equal(readFileSync(options.logFile, 'utf8').split('\n').length, 101);
});

test('runCommand() fails clearly when the program is not there', async (t) => {
  const options = useOptions(t);
  await assert.rejects(runCommand(['/no/such/program'], options), { code: 'CANNOT' });
});

test('runCommand() ends the whole process group when its signal is aborted', async (t) => {
  const options = useOptions(t);
  const controller = new AbortController();
  const started = new Promise((resolve) => {
    watch(options.folder, { signal: controller.signal }, (_, name) => name === 'started' && resolve(name));
  });
  // The shell waits for a grandchild that a signal to the shell alone would leave running.
  const script = '(sleep 60 & echo $! >pid; mv pid started; wait); true';
  const running = runCommand(['/bin/sh', '-c', script], {
    ...options,
    signal: controller.signal,
    cwd: options.folder,
  });
  const rejected = assert.rejects(running, { name: 'AbortError' });
  await started;
  const pid = readFileSync(join(options.folder, 'started'), 'utf8').trim();
  controller.abort();
  await rejected;
  // A killed process that nobody has waited for yet is a zombie: state Z.
  assert.match(stateOf(pid), /^(|Z.*)$/);
});

function stateOf(pid: string): string {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
