import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { lookAtProcess } from '../../../runtime/emulator/sandbox/process-look.ts';
import { makeWorkFolder } from '../../../runtime/emulator/work-folder.ts';
import { untilStopped } from '../../helpers/until-stopped.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

test('a work folder is removed with all that is in it', async (t) => {
  const base = useTmp(t);
  const work = await makeWorkFolder(base);
  await writeFile(join(await work.make('a/b'), 'file'), '');
  await work.remove();
  assert.deepEqual(await readdir(base), []);
});

// As root it shows less: nothing is locked for root.
test('a work folder is removed even where its owner locked himself out', async (t) => {
  const base = useTmp(t);
  const work = await makeWorkFolder(base);
  const locked = await work.make('a/locked');
  await writeFile(join(locked, 'file'), '');
  await chmod(locked, 0o000);
  await work.remove();
  assert.deepEqual(await readdir(base), []);
});

test('a new work folder removes those of dead processes and leaves all others', async (t) => {
  const base = useTmp(t);
  const neighbour = await makeWorkFolder(base);
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore', env: {} });
  await once(child, 'exit');
  // A process id may be taken again: the start time tells the two apart.
  const leftovers = [`pilotlight-${child.pid}-zz-Ab12Cd`, `pilotlight-${process.pid}-zz-Ab12Cd`];
  const foreign = ['pilotlight', 'pilotlight-1', `pilotlight-${child.pid}-zz-Ab12Cd.bak`];
  for (const name of [...leftovers, ...foreign]) await mkdir(join(base, name, 'tmp/0'), { recursive: true });
  const work = await makeWorkFolder(base);
  const names = await readdir(base);
  assert.deepEqual(names.sort(), [...foreign, basename(neighbour.path), basename(work.path)].sort());
});

test('a new work folder ends what a killed run had frozen, and nothing else in its folder', async (t) => {
  const base = useTmp(t);
  const task = join(base, `pilotlight-${process.pid}-zz-Ab12Cd/task/0`);
  await mkdir(task, { recursive: true });
  const [frozen, shell] = [0, 1].map(() => {
    const child = spawn('/bin/sleep', ['1000'], { cwd: task, stdio: 'ignore', env: {} });
    t.after(() => child.kill('SIGKILL'));
    return child;
  }) as [ChildProcess, ChildProcess];
  const ended = once(frozen, 'exit');
  frozen.kill('SIGSTOP');
  await untilStopped(frozen.pid as number);
  await makeWorkFolder(base);
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  assert.equal(lookAtProcess(shell.pid as number)?.activity, 'running');
});

test("a work folder's name carries the start time of its process", async (t) => {
  const base = useTmp(t);
  const { path } = await makeWorkFolder(base);
  const stat = await readFile('/proc/self/stat', 'utf8');
  const startTime = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  assert.ok(basename(path).startsWith(`pilotlight-${process.pid}-${startTime.toString(36)}-`));
});
