import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPhases } from '../../../bench/run/read-phases.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const stamped = (requestId: string, start: number) =>
  JSON.stringify({
    requestId,
    received: String(start + 1),
    forwarded: String(start + 3),
    returned: String(start + 10),
    posted: String(start + 15),
  });

test('readPhases() gives the median of each phase in their order', async (t) => {
  const file = join(useTmp(t), 'stamps');
  // The first line is of an invocation that was not measured.
  await writeFile(file, [0, 100, 200, 300].map((start) => `${stamped(`id-${start}`, start)}\n`).join(''));
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
  await writeFile(file, `${stamped('other', 0)}\n`);
  const invocation = { requestId: 'wanted', sentNs: 0, handlerNs: 1, answeredNs: 2 };
  await assert.rejects(readPhases(file, [invocation]), /wanted/);
});
