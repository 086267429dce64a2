import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { builder } from '../../layers/builder.ts';
import { composeParts } from '../../runtime/emulator/sandbox/compose-parts.ts';
import { needs } from '../helpers/needs.ts';
import { useScriptedLambdaApi } from '../helpers/scripted-lambda-api.ts';
import { ARM64 } from '../helpers/use-arm64.ts';
import { useTmp } from '../helpers/use-tmp.ts';

const DIST = join(import.meta.dirname, '../../dist');
const FUNCTION = `
import { readFileSync } from 'node:fs';
import process from 'node:process';
export const handler = ({ name }) => ({
  greeting: 'Hello, ' + name,
  arch: process.arch,
  bootstrap: readFileSync('/proc/' + process.ppid + '/cmdline', 'latin1').split('\\0'),
});`;

/** The built layers for arm64, laid over each other, and the bootstrap in them before a scripted Runtime API. */
async function useArm64Environment(t: TestContext, interpreter: string) {
  const folder = useTmp(t);
  const [opt, task, tmp] = ['opt', 'task', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [opt, task, tmp]) mkdirSync(path);
  const { interpreters, runtime } = await builder.buildLayers({
    interpreters: [interpreter],
    arch: 'arm64',
    out: DIST,
    signal: t.signal,
    note: () => {},
  });
  await composeParts([...interpreters, runtime], opt);
  writeFileSync(join(task, 'function.bundle.mjs'), FUNCTION);

  const api = await useScriptedLambdaApi(t);
  const [file, ...args] = ARM64.command(join(opt, 'bootstrap'));
  const child = spawn(file, args, {
    cwd: task,
    env: {
      PATH: '/usr/bin:/bin',
      AWS_LAMBDA_RUNTIME_API: api.authority,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      LAMBDA_TASK_ROOT: task,
      LD_LIBRARY_PATH: join(opt, 'lib'),
      TMPDIR: tmp,
      _HANDLER: 'function.handler',
      ...ARM64.variables,
      ...WITHOUT_COMPILER,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { api, opt };
}

/** QEMU translates machine code before it runs it, so that which is compiled at run time costs more than it gains. */
const WITHOUT_COMPILER = process.arch === 'arm64' ? {} : { BUN_JSC_useJIT: '0', DENO_V8_FLAGS: '--jitless' };

/** From which version on a user namespace has rules of its own for foreign programs. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const isTooOld = process.arch !== 'arm64' && (major < 6 || (major === 6 && minor < 7));
const OPTIONS = isTooOld ? { skip: `needs Linux 6.7, found ${release()}` } : needs('qemu-aarch64');

for (const interpreter of ['node', 'deno', 'bun']) {
  test(`an environment for arm64 answers on ${interpreter} alone`, OPTIONS, async (t) => {
    const { api, opt } = await useArm64Environment(t, interpreter);
    const { body } = await api.send({ id: 'a', body: '{"name":"Ada"}' });
    const { greeting, arch, bootstrap } = JSON.parse(String(body));
    assert.deepEqual([greeting, arch], ['Hello, Ada', 'arm64']);
    // With QEMU before it, where the machine needs that.
    assert.ok(bootstrap.includes(join(opt, 'bin', interpreter)), bootstrap.join(' '));
  });
}
