import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { useBootstrap } from '../helpers/use-bootstrap.ts';
import { useTmp } from '../helpers/use-tmp.ts';

const LARGE = 1_000_000;
const bundle = (code: string) => ({ 'function.bundle.js': code });

for (const [name, death] of Object.entries({
  'process.exit()': 'process.exit(3);',
  SIGKILL: "process.kill(process.pid, 'SIGKILL');",
  'process.abort()': 'process.abort();',
  'an exception nobody catches': "queueMicrotask(() => { throw new Error('lost') });",
})) {
  test(`lines that were logged just before ${name} are not lost, also a large one`, async (t) => {
    const { api, child, stdout } = await useBootstrap(t, {
      files: bundle(`export const handler = () => {
        for (let n = 0; n < 100; n++) console.log('line ' + n);
        console.error('x'.repeat(${LARGE}) + 'end'); ${death} return new Promise(() => setInterval(() => {}, 1000)); };`),
    });
    assert.match((await api.send({ id: 'dies' })).path, /\/dies\/error$/);
    child.kill('SIGTERM');
    const lines = (await stdout).split('\n');
    for (let n = 0; n < 100; n++) assert.match(String(lines[n]), new RegExp(`\tdies\tINFO\tline ${n}$`));
    assert.equal(lines[100]?.replace(/^.*\t/, ''), `${'x'.repeat(LARGE)}end`);
  });
}

for (const [name, before] of Object.entries({
  blocking: '',
  // Node switches the descriptor of its own stream over, for everyone who has it.
  'non-blocking': "process.stdout.write('');",
})) {
  test(`lines wait for a reader that is slow, on a ${name} standard output`, async (t) => {
    const { api, child, stdout, stderr } = await useBootstrap(t, {
      files: bundle(`export const handler = () => { ${before} process.stderr.write('begins\\n');
        for (let n = 0; n < 5; n++) console.log(n + 'x'.repeat(${LARGE})); return 'done'; };`),
    });
    await api.polled();
    child.stdout?.pause();
    const answered = api.send({ id: 'a' });
    while (!stderr().includes('begins')) await once(child.stderr ?? child, 'data');
    child.stdout?.resume();
    assert.equal(String((await answered).body), '"done"');
    child.kill('SIGTERM');
    const messages = (await stdout).split('\n').map((line) => line.replace(/^.*\t/, ''));
    assert.deepEqual(messages, [...[0, 1, 2, 3, 4].map((n) => n + 'x'.repeat(LARGE)), '']);
  });
}

test('a function goes on when nobody reads its lines any more', async (t) => {
  const { api, child } = await useBootstrap(t, {
    files: bundle(
      "export const handler = () => { for (let n = 0; n < 9; n++) console.log('x'.repeat(99_999)); return 1; };",
    ),
  });
  await api.polled();
  child.stdout?.destroy();
  assert.equal(String((await api.send({ id: 'a' })).body), '1');
});

/** One event of Lambda's log descriptor. */
interface Frame {
  readonly type: string;
  readonly microseconds: bigint;
  readonly text: string;
}

function readFrames(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 16 + bytes.readUInt32BE(at + 4);
    const type = bytes.readUInt32BE(at).toString(16);
    frames.push({
      type,
      microseconds: bytes.readBigUInt64BE(at + 8),
      text: String(bytes.subarray(at + 16, end)),
    });
    at = end;
  }
  return frames;
}

/** A file as Lambda's log descriptor. */
function useLogFile(t: TestContext) {
  const path = join(useTmp(t), 'log');
  const descriptor = openSync(path, 'a');
  t.after(() => closeSync(descriptor));
  return { descriptor, frames: () => readFrames(readFileSync(path)) };
}

const LOGS = bundle(`export const handler = (event) => { console.log('a\\nb ü'); console.error({ n: 1 });
  if (event.dies) process.exit(1); return process.env._LAMBDA_TELEMETRY_LOG_FD ?? 'not seen'; };`);

for (const launch of ['overlap', 'node']) {
  for (const descriptor of [3, 4, 11]) {
    test(`lines go to Lambda's descriptor ${descriptor} as frames, from every worker (launch: ${launch})`, async (t) => {
      const log = useLogFile(t);
      const ignored = Array.from({ length: descriptor - 3 }, () => 'ignore' as const);
      const { api, child, stdout } = await useBootstrap(t, {
        files: LOGS,
        descriptors: [...ignored, log.descriptor],
        variables: { _LAMBDA_TELEMETRY_LOG_FD: String(descriptor), PILOTLIGHT_LAUNCH: launch },
      });
      await api.send({ id: 'one', body: '{"dies":true}' });
      assert.equal(String((await api.send({ id: 'two' })).body), '"not seen"');
      const shown = log.frames().map(({ type, text }) => [type, text.replace(/^[^\t]*\t/, '')]);
      assert.deepEqual(shown, [
        ['a55a000f', 'one\tINFO\ta\nb ü\n'],
        ['a55a0017', 'one\tERROR\t{ n: 1 }\n'],
        ['a55a000f', 'two\tINFO\ta\nb ü\n'],
        ['a55a0017', 'two\tERROR\t{ n: 1 }\n'],
      ]);
      const [first] = log.frames();
      assert.equal(first?.microseconds, BigInt(Date.parse(first?.text.split('\t')[0] ?? '')) * 1000n);
      child.kill('SIGTERM');
      assert.equal(await stdout, '');
    });
  }
}

test('frames of JSON say so', async (t) => {
  const log = useLogFile(t);
  const { api } = await useBootstrap(t, {
    files: bundle('export const handler = () => console.warn({ n: 1 });'),
    descriptors: [log.descriptor],
    variables: { _LAMBDA_TELEMETRY_LOG_FD: '3', AWS_LAMBDA_LOG_FORMAT: 'JSON' },
  });
  await api.send({ id: 'a' });
  const [frame, ...others] = log.frames();
  assert.equal(frame?.type, 'a55a0012');
  assert.partialDeepStrictEqual(JSON.parse(frame?.text ?? ''), {
    level: 'WARN',
    requestId: 'a',
    message: { n: 1 },
  });
  assert.deepEqual(others, []);
});

for (const [name, value] of [
  ['that was not passed on', '77'],
  ["of the worker's own lines", '3'],
  ['that is no number', 'none'],
] as const) {
  test(`lines go to standard output when Lambda names a descriptor ${name}`, async (t) => {
    const { api, child, stdout } = await useBootstrap(t, {
      files: LOGS,
      variables: { _LAMBDA_TELEMETRY_LOG_FD: value },
    });
    assert.equal(String((await api.send({ id: 'a' })).body), '"not seen"');
    // A worker of the other kind, started by the bootstrap itself.
    await api.send({ id: 'b', body: '{"dies":true}' });
    await api.send({ id: 'c' });
    child.kill('SIGTERM');
    const lines = (await stdout)
      .split('\n')
      .slice(0, -1)
      .map((line) => line.replace(/^[^\t]*\t/, ''));
    assert.deepEqual(
      lines,
      ['a', 'b', 'c'].flatMap((id) => [`${id}\tINFO\ta\rb ü`, `${id}\tERROR\t{ n: 1 }`]),
    );
  });
}

test('a worker that died is logged by the bootstrap, a bundle that fails by its worker alone', async (t) => {
  const dead = await useBootstrap(t, { files: LOGS });
  await dead.api.send({ id: 'one', body: '{"dies":true}' });
  assert.match(dead.stderr(), /^pilotlight error one WORKER_EXITED .*code 1; peak memory \d+ MiB$/m);

  const broken = await useBootstrap(t, {
    files: bundle("throw new Error('no database'); export const handler = 1;"),
  });
  await broken.api.initError();
  await broken.exited;
  assert.equal(broken.stderr(), '');
  assert.match(
    await broken.stdout,
    /^\S+\t-\tERROR\tInit Error\t\{"errorType":"Error","errorMessage":"no database"/,
  );
});
