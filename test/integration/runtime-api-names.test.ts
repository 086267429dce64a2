// AWS_LAMBDA_RUNTIME_API may hold a name, which here only /etc/hosts of a sandbox knows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { BWRAP } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useScriptedLambdaApi } from '../helpers/scripted-lambda-api.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';

const NAME = 'platform.internal';
const BASH = join(import.meta.dirname, '../fixtures/seeds/bash');
const ECHO = { 'function.bundle.js': 'export const handler = (event) => event;' };

for (const host of ['127.0.0.1', '::1']) {
  const authorityOf = (authority: string) => `${NAME}:${authority.slice(authority.lastIndexOf(':') + 1)}`;
  /** Runs a program with the name in its hosts file. */
  const knowing = (folder: string, program: string): [string, ...string[]] => {
    writeFiles(folder, { hosts: `${host} ${NAME}\n` });
    const shell = ['--ro-bind', '/bin/bash', '/usr/bin/sh'];
    return [
      BWRAP,
      ...['--dev-bind', '/', '/', '--ro-bind', join(folder, 'hosts'), '/etc/hosts', ...shell],
      ...['--die-with-parent', '--', program],
    ];
  };

  for (const transport of ['native', 'undici']) {
    test(
      `the bootstrap (${transport}) reaches a Runtime API by a name for ${host}`,
      needs('bwrap'),
      async (t) => {
        const { api } = await useBootstrap(t, {
          files: ECHO,
          host,
          variables: { PILOTLIGHT_HTTP: transport },
          authority: authorityOf,
          command: (bootstrap, folder) => knowing(folder, bootstrap),
        });
        for (const id of ['a', 'b']) assert.equal(String((await api.send({ id, body: '7' })).body), '7');
      },
    );
  }

  test(
    `a bootstrap of curl reaches a Runtime API by a name for ${host}`,
    needs('bwrap', 'curl'),
    async (t) => {
      const api = await useScriptedLambdaApi(t, host);
      const folder = useTmp(t);
      const [file, ...args] = knowing(folder, join(BASH, 'bootstrap'));
      const child = spawn(file, args, {
        env: {
          PATH: '/usr/bin:/bin',
          AWS_LAMBDA_RUNTIME_API: authorityOf(api.authority),
          LAMBDA_TASK_ROOT: BASH,
          TMPDIR: folder,
          _HANDLER: 'function.handler',
        },
        stdio: 'ignore',
      });
      // Before it is killed it may have ended by itself, since its Runtime API is gone.
      const exited = once(child, 'exit');
      t.after(async () => {
        child.kill('SIGKILL');
        await exited;
      });
      const { path, body } = await api.send({ id: 'a', body: '{"rawPath":"/hello"}' });
      assert.equal(path, '/2018-06-01/runtime/invocation/a/response');
      assert.match(String(body), /"path":"\/hello"/);
    },
  );
}
