import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { SCRIPT } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { type Cleaner, useTmp } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
const PILOTLIGHT = ['node', 'runtime/bin.mjs'] as const;
/** What would else wait for ever is ended by it. */
const TIMEOUT = { timeout: 60_000 };
/** More than is kept between two processes: once it is written, the reader reads. */
const MANY_BYTES = 8 * 1024 * 1024;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`invoke ends on a ${signal} while it reads its event from standard input`, TIMEOUT, async (t) => {
    const { child, ended } = start(t, [...PILOTLIGHT, 'invoke', 'function/hello-node', '--event', '-']);
    await new Promise((written) => child.stdin?.write(Buffer.alloc(MANY_BYTES), written));
    child.kill(signal);
    assert.equal(await ended, 130);
  });
}

for (const [what, keys, code] of [
  ['Ctrl-C ends the command', '\x03', 130],
  ['Ctrl-D is a no', '\x04', 1],
  ['n is a no', 'n\r', 1],
  ['y goes on, to where nothing answers', 'y\r', 3],
] as const) {
  test(`asked whether to delete, ${what}`, { ...needs('script'), ...TIMEOUT }, async (t) => {
    const command = `${PILOTLIGHT.join(' ')} delete gone --endpoint-url http://127.0.0.1:1`;
    const { child, ended } = start(t, [SCRIPT, '-qec', command, '/dev/null']);
    const rest = await shown(child.stdout as Readable, '[y/N] ');
    (child.stdin as Writable).write(keys);
    assert.equal(await ended, code);
    assert.equal(rest().includes('nothing answers'), code === 3, rest());
    assert.doesNotMatch(rest(), /AbortError/);
  });
}

function start(t: Cleaner, [file, ...args]: readonly [string, ...string[]]) {
  const mark = useTmp(t);
  const child: ChildProcess = spawn(file, args, {
    cwd: PROJECT,
    env: { ...process.env, SHELL: '/bin/sh', TMPDIR: mark },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // What was not read breaks when the reader ends.
  child.stdin?.on('error', () => {});
  t.after(() => {
    for (const { pid } of findProcesses(mark)) process.kill(pid, 'SIGKILL');
  });
  return { child, ended: once(child, 'close').then(([code]) => code as number) };
}

/** Resolves when a text was shown, with what gives all that was shown until then. */
function shown(stream: Readable, text: string): Promise<() => string> {
  return new Promise((resolve) => {
    let seen = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      seen += chunk;
      if (seen.includes(text)) resolve(() => seen);
    });
  });
}
