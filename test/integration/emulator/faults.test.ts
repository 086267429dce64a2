import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { builder } from '../../../layers/builder.ts';
import { createDev } from '../../../runtime/emulator/cli.ts';
import { needs } from '../../helpers/needs.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { writeFiles } from '../../helpers/write-files.ts';
import { runVerb } from '../../unit/emulator/use-verb.ts';

/** Waits as long as the event says, then tells of itself and of what it can write. */
const FUNCTION = `import { appendFileSync, writeFileSync } from 'node:fs';
  export const handler = async ({ waitMs = 0, bytes = 0 }) => {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    try {
      if (bytes > 0) writeFileSync('/tmp/some', 'x'.repeat(bytes));
      return { pid: process.pid };
    } catch ({ code }) {
      return { code };
    }
  };`;

test('dev --faults kill=1 kills the worker, and the next invocation has another', async (t) => {
  const dev = await useDev(t, 'kill=1');
  const killed: string[] = [];
  for (const nth of [1, 2]) {
    const { value } = await dev.invoke({ waitMs: 1000 });
    killed.push(
      ...[...dev.log().matchAll(/FAULT RequestId: [\w-]+\tkill: worker (\d+)/g)].map(([, pid]) => `${pid}`),
    );
    // A worker that dies before it has read the event costs nobody an error: another gets it.
    if (value.pid === undefined) assert.equal(value.errorType, 'Runtime.WorkerKilled');
    else assert.ok(!killed.includes(String(value.pid)));
    assert.equal(new Set(killed).size, nth);
  }
  assert.match(dev.log(), /^faults {5}kill=1, seed 7$/m);
});

test('dev --faults reset=1 breaks the connection under each event, and no invocation is lost', async (t) => {
  const dev = await useDev(t, 'reset=1');
  const [first, second] = [await dev.invoke({}), await dev.invoke({})];
  assert.ok(first.value.pid !== undefined && first.value.pid === second.value.pid);
  assert.equal(dev.log().match(/\treset: the connection/g)?.length, 2);
});

test('dev --faults delay=1:300ms lets each event wait', async (t) => {
  const dev = await useDev(t, 'delay=1:300ms');
  await dev.invoke({});
  const { value, elapsedMs } = await dev.invoke({});
  assert.ok(value.pid !== undefined && elapsedMs >= 300, String(elapsedMs));
  assert.match(dev.log(), /\tdelay: the event waits 300 ms/);
});

test('dev --faults freeze=1:400ms stops all processes for that long', async (t) => {
  const dev = await useDev(t, 'freeze=1:400ms');
  const { value, elapsedMs } = await dev.invoke({ waitMs: 200 });
  assert.ok(value.pid !== undefined && elapsedMs >= 400, String(elapsedMs));
  assert.match(dev.log(), /\tfreeze: all processes stop for 400 ms/);
});

test('dev --faults slow-init=1:700ms makes a start slow, as its REPORT says', async (t) => {
  const dev = await useDev(t, 'slow-init=1:700ms');
  assert.ok((await dev.invoke({})).value.pid !== undefined);
  await dev.printed('Init Duration');
  assert.ok(Number(/Init Duration: ([\d.]+) ms/.exec(dev.log())?.[1]) >= 700, dev.log());
  assert.match(dev.log(), /\tslow-init: the start waits 700 ms/);
});

test('dev --faults full-tmp=1:512 leaves that much in /tmp', needs('bwrap'), async (t) => {
  const dev = await useDev(t, 'full-tmp=1:512', 'bwrap');
  assert.ok((await dev.invoke({ bytes: 10_000 })).value.pid !== undefined);
  assert.deepEqual((await dev.invoke({ bytes: 1_000_000 })).value, { code: 'ENOSPC' });
  assert.match(dev.log(), /\tfull-tmp: \/tmp holds 512 kB/);
});

test('dev ends at once on Ctrl-C while a fault waits', async (t) => {
  const dev = await useDev(t, 'slow-init=1:9999999');
  const invoked = dev.invoke({}).catch(() => undefined);
  await dev.printed('slow-init');
  dev.interrupt();
  assert.equal(await dev.exitCode, 0);
  await invoked;
});

async function useDev(t: TestContext, faults: string, isolation = 'paths') {
  const folder = join(useTmp(t), 'faulty');
  mkdirSync(folder);
  writeFiles(folder, { 'function.mjs': FUNCTION });
  const options = ['--port', '0', '--timeout', '20', '--isolation', isolation];
  const run = runVerb(createDev(builder), folder, '--faults', faults, '--seed', '7', ...options);
  t.after(async () => {
    run.interrupt();
    await run.exitCode;
  });
  await run.printed('Python');
  const url = /^ready (\S+)$/m.exec(run.stdout())?.[1];
  return {
    ...run,
    log: run.stderr,
    async invoke(event: object) {
      const startMs = performance.now();
      const response = await fetch(`${url}/2015-03-31/functions/faulty/invocations`, {
        method: 'POST',
        body: JSON.stringify(event),
      });
      const value = (await response.json()) as { pid?: number; code?: string; errorType?: string };
      return { value, elapsedMs: performance.now() - startMs };
    },
  };
}
