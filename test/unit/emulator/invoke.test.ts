import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createInvoke } from '../../../runtime/emulator/cli.ts';
import { useGate } from '../../helpers/use-gate.ts';
import { act, useLambda } from './use-lambda.ts';
import { runVerb, useBuilder } from './use-verb.ts';

const HERE = ['--isolation', 'paths', '--timeout', '10'];

test('invoke prints the answer alone on standard output and the figures on standard error', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createInvoke(builder), zip, '--event', '{"a":1}', ...HERE);
  assert.equal(await run.exitCode, 0);
  assert.equal(run.stdout(), '{"a":1}');
  assert.match(
    run.stderr(),
    /^cold \S+ ms {3}init \S+ ms {3}duration \S+ ms {3}memory \d+ MB {3}request [0-9a-f-]{36}\n$/,
  );
});

test('invoke builds a folder, and takes its event from a file', async (t) => {
  const { builder, folder } = await useBuilder(t);
  const file = join(folder, 'event.json');
  await writeFile(file, '["from a file"]');
  const run = runVerb(createInvoke(builder), folder, '--event', `@${file}`, ...HERE);
  assert.equal(await run.exitCode, 0);
  assert.equal(run.stdout(), '["from a file"]');
});

test('invoke ends with 1 on a function error and shows it', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createInvoke(builder), zip, '--event', '{"do":"fail"}', ...HERE);
  assert.equal(await run.exitCode, 1);
  assert.deepEqual(JSON.parse(run.stdout()), { errorType: 'BadLuck', errorMessage: 'no good', trace: [] });
  assert.match(run.stderr(), /^BadLuck {2}no good\n/);
});

test('invoke --repeat stays in one environment and sums up', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createInvoke(builder), zip, '--event', '{"do":"starts"}', '--repeat', '4', ...HERE);
  assert.equal(await run.exitCode, 0);
  assert.equal(run.stdout(), '1\n1\n1\n1\n');
  assert.match(
    run.stderr(),
    /^cold {2}\S+ ms {3}init \S+ ms\nwarm {2}\S+ ms median {3}\S+ ms min {3}\S+ ms max {3}3 runs\n$/,
  );
});

test('invoke --json prints all that is known, --log the log as well', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const event = '{"do":"log","lines":["hello"]}';
  const run = runVerb(createInvoke(builder), zip, '--event', event, '--json', '--log', ...HERE);
  assert.equal(await run.exitCode, 0);
  const { logTail, requestId, ...rest } = JSON.parse(run.stdout());
  assert.deepEqual(
    [rest.statusCode, rest.executedVersion, rest.payload, rest.start],
    [200, '$LATEST', null, 'cold'],
  );
  assert.ok(rest.durationMs > 0 && rest.initMs > 0 && rest.billedMs > 0 && rest.memoryMiB > 0);
  assert.match(
    logTail,
    new RegExp(`START RequestId: ${requestId} [\\s\\S]*\nhello\n[\\s\\S]*REPORT RequestId: ${requestId}`),
  );
  assert.match(run.stderr(), /\nhello\n/);
});

test('invoke calls a function by name at an endpoint', async (t) => {
  const { builder } = await useBuilder(t);
  const { lambda } = await useLambda(t);
  const args = ['acts', '--endpoint-url', lambda.url];
  const run = runVerb(createInvoke(builder), ...args, '--event', '{"b":2}', '--log');
  assert.equal(await run.exitCode, 0);
  assert.equal(run.stdout(), '{"b":2}');
  assert.match(run.stderr(), /REPORT RequestId: /);
  const failed = runVerb(createInvoke(builder), ...args, '--event', '{"do":"fail"}', '--json');
  assert.equal(await failed.exitCode, 1);
  assert.equal(JSON.parse(failed.stdout()).functionError, 'Unhandled');
  assert.ok((await act(lambda, 'starts')).value === 1);
});

test('invoke --stream prints the parts of an answer as they come, here and at an endpoint', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const { lambda } = await useLambda(t);
  for (const target of [
    [zip, ...HERE],
    ['acts', '--endpoint-url', lambda.url],
  ]) {
    const gate = await useGate(t);
    const event = { do: 'stream', parts: [{ text: 'one ' }, { gate: gate.url }, { text: 'two' }] };
    const run = runVerb(createInvoke(builder), ...target, '--stream', '--event', JSON.stringify(event));
    await run.printed('one ');
    assert.equal(run.stdout(), 'one ');
    gate.open();
    assert.equal(await run.exitCode, 0);
    assert.equal(run.stdout(), 'one two');
  }
});

test('invoke --stream keeps an error apart from what came before it', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const { lambda } = await useLambda(t);
  const event = JSON.stringify({ do: 'stream', parts: [{ text: 'one' }, { fail: 'no more' }] });
  for (const target of [
    [zip, ...HERE],
    ['acts', '--endpoint-url', lambda.url],
  ]) {
    const run = runVerb(createInvoke(builder), ...target, '--stream', '--event', event);
    assert.equal(await run.exitCode, 1);
    assert.equal(run.stdout(), 'one');
    assert.match(run.stderr(), /^BadLuck {2}no more\n/);
  }
});

test('invoke --stream --json prints one object with the whole answer', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const event = JSON.stringify({ do: 'stream', parts: [{ text: '{"a":' }, { text: '1}' }] });
  const run = runVerb(createInvoke(builder), zip, '--stream', '--json', '--event', event, ...HERE);
  assert.equal(await run.exitCode, 0);
  assert.deepEqual(JSON.parse(run.stdout()).payload, { a: 1 });
});

test('invoke names what the endpoint does not know', async (t) => {
  const { builder } = await useBuilder(t);
  const { lambda } = await useLambda(t);
  const run = runVerb(createInvoke(builder), 'other', '--endpoint-url', lambda.url);
  await assert.rejects(run.exitCode, { code: 'CANNOT', message: /ResourceNotFoundException/ });
});

test('invoke refuses an event that Lambda would refuse, and says what to do', async (t) => {
  const { builder, zip, folder } = await useBuilder(t);
  const file = join(folder, 'event.json');
  await writeFile(file, JSON.stringify('x'.repeat(7 * 1024 * 1024)));
  for (const [event, message, next] of [
    ['{a:1}', /InvalidRequestContentException: Could not parse/, /^quote/],
    [`@${file}`, /RequestTooLargeException: .* 6291456 bytes/, /^leave the data/],
  ] as const) {
    const run = runVerb(createInvoke(builder), zip, '--event', event, ...HERE);
    await assert.rejects(run.exitCode, { code: 'USAGE', message, next });
  }
});

for (const [what, args, code] of [
  ['a source that is not there', ['./nothing-here'], 'USAGE'],
  ['an event file that is not there', ['--event', '@nothing-here.json'], 'USAGE'],
  ['a repeat that is no number', ['--repeat', 'often'], 'USAGE'],
  ['a variable without a value', ['--env', 'NAME'], 'USAGE'],
  ['an isolation that does not exist', ['--isolation', 'docker'], 'USAGE'],
  ['a timeout out of bounds', ['--timeout', '0'], 'USAGE'],
  ['another machine', ['--arch', process.arch === 'arm64' ? 'x86_64' : 'arm64'], 'CANNOT'],
] as const) {
  test(`invoke refuses ${what}`, async (t) => {
    const { builder, zip } = await useBuilder(t);
    const source = args[0].startsWith('-') ? [zip] : [];
    await assert.rejects(runVerb(createInvoke(builder), ...source, ...args).exitCode, { code });
  });
}

test('invoke stops on Ctrl-C', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const args = ['--event', '{"do":"log","lines":[]}', '--repeat', '1000000', ...HERE];
  const run = runVerb(createInvoke(builder), zip, ...args);
  await run.printed('null');
  run.interrupt();
  await assert.rejects(run.exitCode);
});
