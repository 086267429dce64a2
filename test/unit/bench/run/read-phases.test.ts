import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPhases, readStartPhases } from '../../../bench/run/read-phases.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const stamped = (requestId: string, start: number) =>
  JSON.stringify({
    requestId,
    received: String(start + 1),
    forwarded: String(start + 3),
    returned: String(start + 10),
    posted: String(start + 15),
  });
const START = `${JSON.stringify({ start: { node: '13', begun: '26', prepared: '30', ready: '37' } })}\n`;

test('readPhases() gives the median of each phase in their order', async (t) => {
  const file = join(useTmp(t), 'stamps');
  // The first invocation was not measured.
  await writeFile(
    file,
    START + [0, 100, 200, 300].map((start) => `${stamped(`id-${start}`, start)}\n`).join(''),
  );
  const phases = await readPhases(
    file,
    [100, 200, 300].map((start) => ({
      requestId: `id-${start}`,
      sentNs: start,
      handlerNs: start + 6,
      answeredNs: start + 21,
    })),
  );
  assert.deepEqual(
    phases.map(({ name, medianNs }) => `${name} ${medianNs}`),
    ['received 1', 'forwarded 2', 'handler 3', 'returned 4', 'posted 5', 'answered 6'],
  );
});

test('readPhases() refuses a file that lacks an invocation', async (t) => {
  const file = join(useTmp(t), 'stamps');
  await writeFile(file, `${START}${stamped('other', 0)}\n`);
  const invocation = { requestId: 'wanted', sentNs: 0, handlerNs: 1, answeredNs: 2 };
  await assert.rejects(readPhases(file, [invocation]), /wanted/);
});

test('readStartPhases() gives the phases of a cold start in their order', async (t) => {
  const file = join(useTmp(t), 'stamps');
  await writeFile(file, START);
  const phases = await readStartPhases(file, { spawnedNs: 10, firstPollNs: 38, firstAnswerNs: 42 });
  assert.deepEqual(
    phases.map(({ name, medianNs }) => `${name} ${medianNs}`),
    ['shell 3', 'node 13', 'prepared 4', 'worker ready 7', 'first poll 1', 'first answer 4'],
  );
});

test('readStartPhases() refuses a file that lacks a stamp', async (t) => {
  const file = join(useTmp(t), 'stamps');
  await writeFile(file, '{"start":{"node":"1"}}\n');
  await assert.rejects(readStartPhases(file, { spawnedNs: 0, firstPollNs: 1, firstAnswerNs: 2 }), /begun/);
});
