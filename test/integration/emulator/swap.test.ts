import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { useControl } from '../../helpers/use-control.ts';

const CLIENTS = 3;
const SWAPS = 4;
const FunctionName = 'swapped';

describe('a function whose code is swapped under load', () => {
  const shared = useControl();

  /** Calls the function until it is told to stop, and tells of each answer that was not right. */
  async function keepCalling(codes: { asked: number; served: number }, isOver: () => boolean) {
    const wrong: string[] = [];
    let calls = 0;
    while (!isOver()) {
      const oldest = codes.served;
      const response = await fetch(`${shared.lambda.url}/2015-03-31/functions/${FunctionName}/invocations`, {
        method: 'POST',
        body: '{"do":"variables"}',
      });
      const text = await response.text();
      const code = Number(JSON.parse(text).CODE);
      calls += 1;
      // Not older than what was said to serve before the call, not newer than what was asked for before the answer.
      if (!(code >= oldest && code <= codes.asked)) wrong.push(`${oldest} to ${codes.asked}: ${text}`);
    }
    return { calls, wrong };
  }

  test('no call fails, each is answered by code that was current, and broken code never answers', async () => {
    await shared.create(FunctionName);
    const codes = { asked: 1, served: 1 };
    let over = false;
    const clients = Array.from({ length: CLIENTS }, () => keepCalling(codes, () => over));
    const broken = await makeCodeZip(shared.folder, 'broken', [
      { path: 'bootstrap', content: Buffer.from('#!/bin/sh\nexit 1\n'), executable: true },
    ]);
    const update = (ZipFile: Uint8Array) =>
      shared.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    for (let count = 0; count < SWAPS; count += 1) {
      const next = codes.asked + 1;
      const zip = await shared.zip(String(next));
      codes.asked = next;
      await update(zip);
      await shared.updated(FunctionName);
      codes.served = next;
      await update(broken.bytes);
      await assert.rejects(shared.updated(FunctionName), /FAILURE/);
    }
    over = true;
    const results = await Promise.all(clients);
    assert.deepEqual(
      results.flatMap(({ wrong }) => wrong),
      [],
    );
    assert.ok(results.every(({ calls }) => calls > 0));
  });

  test('code that serves no longer leaves nothing behind', async () => {
    await shared.create('left');
    const folder = await workFolder();
    const before = await readdir(join(folder, 'code'));
    await shared.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'left', ZipFile: await shared.zip('left') }),
    );
    await shared.updated('left');
    const own = (await readdir(join(folder, 'code'))).filter((name) => !before.includes(name));
    assert.equal(own.length, 1);
    await shared.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'left', ZipFile: await shared.zip('again') }),
    );
    await shared.updated('left');
    assert.equal((await shared.ask('left')).code, 'again');
    while (existsSync(join(folder, 'code', own[0] ?? '')))
      await new Promise((resolve) => setImmediate(resolve));
  });

  async function workFolder(): Promise<string> {
    const name = (await readdir(tmpdir())).find((entry) => entry.startsWith(`pilotlight-${process.pid}-`));
    return join(tmpdir(), name ?? 'none');
  }
});

describe('a local Lambda that stops during an update', () => {
  const shared = useControl();

  test('stop() ends what the update has started', async () => {
    await shared.create('stopped');
    const Handler = 'hang';
    await shared.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'stopped', Handler }));
    // The new environment begins by taking its init as the log tells.
    while (!shared.lines.some((line) => line.startsWith('INIT_START'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const startMs = performance.now();
    await shared.lambda.stop();
    // Well before the init would have been given up.
    assert.ok(performance.now() - startMs < 5000);
    await assert.rejects(shared.ask('stopped'));
  });
});

describe('a local Lambda with a debugger', () => {
  const shared = useControl({ inspectPort: 1 });

  test('an update ends the old environment before the new one needs its port', async () => {
    await shared.create('debugged');
    const { payload } = await shared.lambda.invoke('debugged', '{"do":"pid"}');
    const pid = Number(Buffer.from(payload).toString());
    assert.ok(process.kill(pid, 0));
    await shared.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'debugged', ZipFile: await shared.zip('2') }),
    );
    await shared.updated('debugged');
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.equal((await shared.ask('debugged')).code, '2');
  });
});
