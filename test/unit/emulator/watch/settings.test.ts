import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDev } from '../../../../runtime/emulator/cli.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { runVerb, useBuilder } from '../use-verb.ts';

const HERE = ['--port', '0', '--isolation', 'paths', '--verbose'];
/** A buffered URL makes a response of this, one that streams passes it on. */
const ANSWER = { statusCode: 201, body: 'made' };

/** Runs `dev` on a folder and changes what its `pilotlight.json` says. */
async function useDev(t: TestContext, settings: object, ...options: string[]) {
  const { builder, folder } = await useBuilder(t);
  const aside = join(useTmp(t), 'pilotlight.json');
  const write = async (changed: object) => {
    await writeFile(aside, JSON.stringify({ name: 'acts', timeoutS: 20, ...changed }));
    await rename(aside, join(folder, 'pilotlight.json'));
  };
  await write(settings);
  const run = runVerb(createDev(builder), folder, ...HERE, ...options);
  t.after(async () => {
    run.interrupt();
    await run.exitCode;
  });
  await run.printed('unchanged');
  const api = /^ready (\S+)$/m.exec(run.stdout())?.[1];
  const swaps = () => run.stderr().match(/^(?:swapped|refused) .*\n/gm) ?? [];
  return {
    stdout: run.stdout,
    stderr: run.stderr,
    api: (path: string, init?: RequestInit) => fetch(`${api}${path}`, init),
    /** The URL that was told of last. */
    url: () =>
      run
        .stdout()
        .match(/(?<=^url acts )\S+$/gm)
        ?.at(-1) ?? assert.fail(run.stdout()),
    /** Resolves with the line of the swap. */
    async change(changed: object): Promise<string> {
      const before = swaps().length;
      await write(changed);
      while (swaps().length === before) await run.printedMore();
      return swaps().at(-1) ?? '';
    },
  };
}

async function ask(url: string): Promise<[status: number, text: string]> {
  const event = JSON.stringify({ do: 'answer', answer: ANSWER });
  const response = await fetch(url, { headers: { 'x-act': event } });
  return [response.status, await response.text()];
}

test('dev has the URL of a function stream, close and open again as pilotlight.json says', async (t) => {
  const dev = await useDev(t, { url: 'buffered' }, '--url-port', '0');
  const mode = async () => {
    const response = await dev.api('/2021-10-31/functions/acts/url');
    return ((await response.json()) as { InvokeMode?: string }).InvokeMode ?? response.status;
  };
  const url = dev.url();
  assert.deepEqual(await ask(url), [201, 'made']);

  await dev.change({ url: 'stream' });
  assert.deepEqual(await ask(url), [200, JSON.stringify(ANSWER)]);
  assert.equal(await mode(), 'RESPONSE_STREAM');

  await dev.change({ url: 'none' });
  await assert.rejects(ask(url), { name: 'TypeError' });
  assert.equal(await mode(), 404);
  assert.match(dev.stderr(), /^no url {5}acts$/m);

  await dev.change({ url: 'buffered' });
  assert.deepEqual(await ask(dev.url()), [201, 'made']);
  assert.equal(await mode(), 'BUFFERED');
  assert.equal(dev.stdout().match(/^url /gm)?.length, 2);
});

test('dev refuses a function that is to have a URL whose port is taken', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dev = await useDev(t, {}, '--url-port', String(port));
  assert.match(await dev.change({ url: 'buffered' }), /^refused .*--url-port 0 takes any free port; /);
  assert.equal((await dev.api('/2021-10-31/functions/acts/url')).status, 404);
});

test('dev opens no URL for a function that cannot be swapped in, and the same one later', async (t) => {
  // Nobody listens there any more, and as a rule nobody is given it right away.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const dev = await useDev(t, {}, '--url-port', String(port));
  assert.match(await dev.change({ url: 'buffered', handler: 'exit' }), /^refused /);
  assert.equal((await dev.api('/2021-10-31/functions/acts/url')).status, 404);
  assert.match(await dev.change({ url: 'buffered' }), /^swapped /);
  assert.equal(dev.url(), `http://127.0.0.1:${port}/`);
  assert.deepEqual(await ask(dev.url()), [201, 'made']);
});

test('dev limits how often a function runs at a time as pilotlight.json says', async (t) => {
  const dev = await useDev(t, {});
  const statuses = async () => {
    const body = '{"do":"sleep","ms":300}';
    const call = () => dev.api('/2015-03-31/functions/acts/invocations', { method: 'POST', body });
    const answers = await Promise.all([call(), call()]);
    return answers.map(({ status }) => status).toSorted();
  };
  assert.deepEqual(await statuses(), [200, 200]);
  await dev.change({ concurrency: 1 });
  assert.deepEqual(await statuses(), [200, 429]);
  await dev.change({});
  assert.deepEqual(await statuses(), [200, 200]);
});
