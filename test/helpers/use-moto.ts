import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { MOTO_FOLDER } from './clients.ts';

const PYTHON = `${MOTO_FOLDER}/bin/python3`;
const RUNNING = /Running on (http:\S+)/;

/** Starts moto's server for all tests of a `describe`: AWS's API with IAM and S3, in which no function runs. */
export function useMoto(): { readonly url: string } {
  let url = '';
  let stop = async (): Promise<void> => {};
  before(async () => {
    const env = { PATH: '/usr/bin:/bin', PYTHONDONTWRITEBYTECODE: '1', TMPDIR: process.env.TMPDIR };
    const server = spawn(PYTHON, ['-m', 'moto.server', '--host', '127.0.0.1', '--port', '0'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(server, 'exit');
    stop = async () => {
      server.kill();
      await ended;
    };
    const said: string[] = [];
    const lines = createInterface({ input: server.stderr });
    for await (const line of lines) {
      said.push(line);
      url = RUNNING.exec(line)?.[1] ?? '';
      if (url !== '') break;
    }
    if (url === '') throw new Error(`moto ended before it listened: ${said.join('\n')}`);
    server.stderr.resume();
    // It would otherwise look for Docker when a function is invoked.
    const body = JSON.stringify({ lambda: { use_docker: false } });
    await fetch(`${url}/moto-api/config`, { method: 'POST', body });
  });
  after(() => stop());
  return {
    get url() {
      return url;
    },
  };
}
