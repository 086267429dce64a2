import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { useLayers } from '../helpers/built-layers.ts';
import { SCRIPT } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';
import { findProcesses, type LeftProcess } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
const FILES = {
  'function.js': `pilotlight.onShutdown(() => console.log('bye'));
export const handler = async () => 'done';
`,
};
const DEV = 'node runtime/bin.mjs dev "$FOLDER" --port 0 --timeout 10 --isolation paths';
/** As interactive shells do, it passes the hangup on, which alone ends the first wait. */
const ON_TERMINAL = `${DEV} & trap "kill -HUP $!" HUP; wait $!; wait $!; echo $? >&3`;

for (const [what, command, signal, codes, options] of [
  ['pipe', ['/bin/sh', '-c', `{ trap : INT; ${DEV}; echo $? >&3; } 2>&1 | cat`], 'SIGINT', ['130\n'], {}],
  // Node itself aborts as its last act: it cannot set a terminal back that is gone.
  ['terminal', [SCRIPT, '-qec', ON_TERMINAL, '/dev/null'], 'SIGKILL', ['130\n', '134\n'], needs('script')],
] as const) {
  test(`dev ends in order when the ${what} that takes its log is closed`, options, async (t) => {
    await useLayers();
    const folder = useTmp(t);
    writeFiles(folder, FILES);
    const [file, ...args] = command;
    const child = spawn(file, args, {
      cwd: PROJECT,
      env: { ...process.env, SHELL: '/bin/sh', FOLDER: folder },
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    });
    t.after(() => {
      for (const { pid } of findProcesses(folder)) process.kill(pid, 'SIGKILL');
    });
    const ended = text(child.stdio[3] as Readable);
    const url = await readyUrl(child.stdout as Readable);
    const answer = await fetch(`${url}/2015-03-31/functions/${basename(folder)}/invocations`, {
      method: 'POST',
      body: '{}',
    });
    assert.equal(await answer.json(), 'done');
    const workFolders = foldersOf(findProcesses(folder));
    assert.notDeepEqual(workFolders(), []);
    process.kill(-(child.pid as number), signal);
    const code = await ended;
    assert.ok(
      codes.some((expected) => expected === code),
      code,
    );
    assert.deepEqual(findProcesses(folder), []);
    assert.deepEqual(workFolders(), []);
  });
}

/** Lists the work folders of processes, which carry their owner's id. */
function foldersOf(processes: readonly LeftProcess[]): () => string[] {
  const starts = processes.map(({ pid }) => `pilotlight-${pid}-`);
  return () => readdirSync(tmpdir()).filter((name) => starts.some((start) => name.startsWith(start)));
}

/** Reads on to the end, as a terminal does. */
function readyUrl(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      seen += chunk;
      const url = /ready (http:\S+)/.exec(seen)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
