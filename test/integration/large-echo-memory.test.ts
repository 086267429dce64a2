import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { untilFile, withProbe } from '../helpers/probe-bootstrap.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const ECHO = { 'function.bundle.js': 'export const handler = (event) => event;' };
/** Near Lambda's limit of 6 MiB. */
const EVENT_BYTES = 5_900_000;
const ECHOES = 5;
/**
 * After SIGUSR2 garbage is collected in every turn of the event loop, and what is left of buffers is looked at; the next
 * SIGUSR2 tells the most there was, in bytes. Without the collection it would be the collector's mood that is measured.
 */
const HELD_PROBE = `import { renameSync, writeFileSync } from 'node:fs';
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const held = () => { gc(); return process.memoryUsage().arrayBuffers; };
  let most;
  const sample = () => { most = Math.max(most, held()); setImmediate(sample).unref(); };
  process.on('SIGUSR2', () => {
    if (most === undefined) setImmediate(sample).unref();
    most = Math.max(most ?? 0, held());
    const file = import.meta.dirname + '/held';
    writeFileSync(file + '.part', String(most));
    renameSync(file + '.part', file);
    most = 0;
  });`;

test('the bootstrap holds less than two copies of a 5.9 MB echo', async (t) => {
  const { api, child, folder } = await useBootstrap(t, { files: ECHO, command: withProbe(HELD_PROBE) });
  const task = join(folder, 'task');
  const mostHeld = async () => {
    rmSync(join(task, 'held'), { force: true });
    const told = untilFile(task, 'held');
    child.kill('SIGUSR2');
    await told;
    return Number(readFileSync(join(task, 'held'), 'utf8'));
  };
  const event = JSON.stringify('x'.repeat(EVENT_BYTES - 2));
  await api.send({ id: 'warm' });
  await api.polled();
  await mostHeld();
  const idle = await mostHeld();
  for (let count = 0; count < ECHOES; count++) {
    const { body } = await api.send({ id: `echo-${count}`, body: event });
    assert.equal(String(body), event);
    await api.polled();
    const copies = ((await mostHeld()) - idle) / EVENT_BYTES;
    // One is held for certain: an answer is whole, so that it can be sent again.
    assert.ok(copies > 0.9, `${copies} copies`);
    assert.ok(copies < 2, `${copies} copies`);
  }
});
