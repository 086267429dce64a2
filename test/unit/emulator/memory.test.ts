import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import type { FunctionSettings } from '../../../runtime/cli/function-settings.ts';
import { createDev } from '../../../runtime/emulator/cli.ts';
import { findCgroupPlace } from '../../../runtime/emulator/sandbox/find-cgroup-place.ts';
import { act, useLambda } from './use-lambda.ts';
import { runVerb, useBuilder } from './use-verb.ts';

const MIB = 2 ** 20;
const { place } = await findCgroupPlace(tmpdir());

// No setup could give what a machine forbids: there the tests are not there either.
const WAYS = [
  ...(place === undefined ? [] : [{ way: 'cgroup', cgroups: true }]),
  { way: 'proportional set size', cgroups: false },
];

for (const { way, cgroups } of WAYS) {
  const use = async (t: TestContext, settings: Partial<FunctionSettings>) => {
    const used = await useLambda(t, settings, { cgroups });
    assert.ok(used.lambda.memory.startsWith(`${way}: `), used.lambda.memory);
    return used;
  };

  test(`by ${way} a function over its memory is ended and says so as on Lambda`, async (t) => {
    const { lambda, lines } = await use(t, { memoryMiB: 128 });
    await act(lambda, 'echo');
    const failed = await act(lambda, 'fill', { mib: 1000, stepMs: 20 });
    assert.ok(failed.failed);
    assert.deepEqual(failed.value, {
      errorType: 'Runtime.OutOfMemory',
      errorMessage: `RequestId: ${failed.requestId} Error: Runtime exited with error: signal: killed`,
    });
    assert.equal(failed.memoryBytes, 128 * MIB);
    assert.match(
      lines.at(-1) ?? '',
      /\tMemory Size: 128 MB\tMax Memory Used: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory$/,
    );
    assert.equal((await act(lambda, 'starts')).value, 2);
  });

  test(`by ${way} an init over the memory is ended in the same way`, async (t) => {
    const { lambda, lines } = await use(t, { memoryMiB: 128, handler: 'fill' });
    const { value } = await act(lambda, 'echo');
    assert.equal((value as { errorType: string }).errorType, 'Runtime.OutOfMemory');
    assert.ok(lines.some((line) => /^INIT_REPORT .*\tError Type: Runtime.OutOfMemory$/.test(line)));
  });

  test(`by ${way} a function with enough memory may use it`, async (t) => {
    const { lambda } = await use(t, { memoryMiB: 512 });
    const { failed, memoryBytes } = await act(lambda, 'fill', { mib: 200, stepMs: 1 });
    assert.ok(!failed);
    assert.ok(memoryBytes > 200 * MIB && memoryBytes < 400 * MIB, `${memoryBytes} bytes`);
  });

  test(`by ${way} the report counts memory that was freed before the end of an invocation`, async (t) => {
    const { lambda } = await use(t, { memoryMiB: 512 });
    const before = await act(lambda, 'echo');
    // Between two looks nothing but the kernel notices it.
    const { memoryBytes } = await act(lambda, 'lend', { mib: 150, ms: cgroups ? 0 : 300 });
    const grownBytes = memoryBytes - before.memoryBytes;
    assert.ok(grownBytes > 140 * MIB && grownBytes < 250 * MIB, `${grownBytes} bytes more`);
  });

  test(`by ${way} the largest of several processes is ended, and the function may go on`, async (t) => {
    const { lambda } = await use(t, { memoryMiB: 256 });
    const result = await act(lambda, 'lend', { mib: 400, ms: 20_000 });
    assert.equal(result.value, 'SIGKILL');
    assert.equal(result.memoryBytes, 256 * MIB);
  });

  test(`by ${way} files below /tmp are no memory`, async (t) => {
    const { lambda } = await use(t, { memoryMiB: 128 });
    const { failed, memoryBytes } = await act(lambda, 'write', { mib: 200 });
    assert.ok(!failed);
    assert.ok(memoryBytes < 110 * MIB, `${memoryBytes} bytes`);
  });

  test(`by ${way} a runtime that is killed for another reason is no matter of memory`, async (t) => {
    const { lambda } = await use(t, {});
    const { value } = await act(lambda, 'kill');
    assert.equal((value as { errorType: string }).errorType, 'Runtime.ExitError');
  });
}

if (place !== undefined) {
  const { folder } = place;
  /** Cgroups of this very process. */
  const ours = async () =>
    (await readdir(folder)).filter((name) => name.startsWith(`pilotlight-${process.pid}-`));

  test('dev --verbose names the cgroups, and Ctrl-C leaves none behind', async (t) => {
    const { builder, zip } = await useBuilder(t);
    const run = runVerb(createDev(builder), zip, '--port', '0', '--isolation', 'paths', '--verbose');
    await run.printed(`memory     cgroup: version ${place.version}, in "${folder}"\n`);
    assert.deepEqual(await ours(), []);
    await run.printed('ready ');
    const url = /^ready (\S+)/.exec(run.stdout())?.[1];
    await fetch(`${url}/2015-03-31/functions/acts/invocations`, { method: 'POST', body: '{"do":"pid"}' });
    assert.equal((await ours()).length, 1);
    run.interrupt();
    assert.equal(await run.exitCode, 0);
    assert.deepEqual(await ours(), []);
  });
}
