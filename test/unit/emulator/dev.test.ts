import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
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
  await writeFile(file, 'FROM_FILE=yes\nTWICE=file\n');
  const other = join(folder, 'other.env');
  await writeFile(other, 'FROM_OTHER=yes\nTWICE=other\n');
  const variableOptions = ['--env', `@${file}`, '--env', 'TWICE=last', '--env-file', other];
  const run = runVerb(createDev(builder), zip, ...variableOptions, ...HERE);
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
  const { FROM_FILE, FROM_OTHER, TWICE } = variables;
  assert.deepEqual({ FROM_FILE, FROM_OTHER, TWICE }, { FROM_FILE: 'yes', FROM_OTHER: 'yes', TWICE: 'last' });
  await run.printed('REPORT RequestId: ');
  run.interrupt();
  assert.equal(await run.exitCode, 0);
  await assert.rejects(fetch(url), { name: 'TypeError' });
});

test('dev without functions serves those that clients create', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createDev(builder), ...HERE);
  await run.printed('isolation');
  const url = `${/^ready (\S+)\n$/.exec(run.stdout())?.[1]}/2015-03-31/functions`;
  const send = (path: string, body: object) =>
    fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const created = await send('', {
    FunctionName: 'fn',
    Role: 'arn:aws:iam::123456789012:role/some',
    Code: { ZipFile: (await readFile(zip)).toString('base64') },
    Timeout: 10,
  });
  assert.equal(created.status, 201);
  // A function is pending until it is unpacked.
  let answer = await send('/fn/invocations', { a: 1 });
  while (answer.status === 409) answer = await send('/fn/invocations', { a: 1 });
  assert.deepEqual(await answer.json(), { a: 1 });
  run.interrupt();
  assert.equal(await run.exitCode, 0);
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

test('dev prints where functions with a URL listen, after the line that says it is ready', async (t) => {
  const { builder, folder } = await useBuilder(t);
  const folders = ['a', 'b', 'c'].map((name) => join(folder, name));
  for (const [index, url] of ['buffered', 'none', 'stream'].entries()) {
    await mkdir(folders[index] as string);
    await writeFile(join(folders[index] as string, 'pilotlight.json'), JSON.stringify({ url }));
  }
  const run = runVerb(createDev(builder), ...folders, '--url-port', '0', ...HERE);
  await run.printed('Python');
  const lines = /^ready \S+\nurl a (http:\/\/127\.0\.0\.1:\d+\/)\nurl c (http:\/\/127\.0\.0\.1:\d+\/)\n$/;
  const [, a = '', c = ''] = lines.exec(run.stdout()) ?? [];
  assert.notEqual(a, c);
  const event = (await (await fetch(`${a}path?q`)).json()) as Record<string, unknown>;
  assert.deepEqual([event.rawPath, event.rawQueryString], ['/path', 'q']);
  run.interrupt();
  assert.equal(await run.exitCode, 0);
  await assert.rejects(fetch(a), { name: 'TypeError' });
});

test('dev names the option when the port of a function URL is taken', async (t) => {
  const { builder, folder } = await useBuilder(t);
  await writeFile(join(folder, 'pilotlight.json'), '{"url":"buffered"}');
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const run = runVerb(createDev(builder), folder, '--url-port', String(port), ...HERE);
  await assert.rejects(run.exitCode, { code: 'CANNOT', next: '--url-port 0 takes any free port' });
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
