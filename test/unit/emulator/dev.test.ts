import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDev } from '../../../runtime/emulator/cli.ts';
import { clientLines } from '../../../runtime/emulator/client-lines.ts';
import { runVerb, useBuilder } from './use-verb.ts';

const HERE = ['--port', '0', '--isolation', 'paths', '--timeout', '10'];

test('dev says when it is ready, serves clients, logs, and ends on Ctrl-C', async (t) => {
  const { builder, zip, folder } = await useBuilder(t);
  const file = join(folder, 'own.env');
  await writeFile(file, 'FROM_FILE=yes\n');
  const run = runVerb(createDev(builder), zip, '--env-file', file, ...HERE);
  await run.printed('Python');
  const url = /^ready (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(run.stdout())?.[1];
  assert.ok(url !== undefined);
  assert.match(run.stderr(), /^functions {2}acts\nisolation {2}paths: ./);
  assert.ok(run.stderr().includes(clientLines(url, 'acts', 'us-east-1')));
  const response = await fetch(`${url}/2015-03-31/functions/acts/invocations`, {
    method: 'POST',
    body: '{"do":"variables"}',
  });
  const variables = (await response.json()) as Record<string, string>;
  assert.equal(variables.FROM_FILE, 'yes');
  await run.printed('REPORT RequestId: ');
  run.interrupt();
  assert.equal(await run.exitCode, 0);
  await assert.rejects(fetch(url), { name: 'TypeError' });
});

test('dev --json prints where it listens and what it runs', async (t) => {
  const { builder, folder } = await useBuilder(t);
  await writeFile(join(folder, 'pilotlight.json'), '{"name":"from-settings"}');
  const run = runVerb(createDev(builder), folder, '--json', ...HERE);
  await run.printed('}\n');
  const { url, functions, isolation } = JSON.parse(run.stdout());
  assert.match(url, /^http:/);
  assert.deepEqual([functions, isolation.name], [['from-settings'], 'paths']);
  run.interrupt();
  await run.exitCode;
});

test('dev refuses a taken port and a layer that is an ARN', async (t) => {
  const { builder, zip, folder } = await useBuilder(t);
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const taken = runVerb(createDev(builder), zip, '--port', port, '--isolation', 'paths');
  await assert.rejects(taken.exitCode, { code: 'CANNOT' });
  await writeFile(join(folder, 'pilotlight.json'), '{"layers":["arn:aws:lambda:eu-west-1:1:layer:x:1"]}');
  await assert.rejects(runVerb(createDev(builder), folder, ...HERE).exitCode, { code: 'CANNOT' });
});
