import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heapLimits } from '../../runtime/heap-limits.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const HEAP = {
  'function.bundle.js': `import { getHeapStatistics } from 'node:v8';
    export const handler = (event) => {
      if (event === 'exit') process.exit(1);
      return getHeapStatistics().heap_size_limit / 2 ** 20;
    };`,
};

for (const launch of ['overlap', 'node']) {
  for (const memoryMiB of [128, 160, 512, 3008, 10_240]) {
    test(`a worker's heap follows ${memoryMiB} MB of memory, and so does that of the next (launch ${launch})`, async (t) => {
      const { api } = await useBootstrap(t, {
        files: HEAP,
        variables: { PILOTLIGHT_LAUNCH: launch, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB) },
      });
      const { heapMiB, semiSpaceMiB } = heapLimits(memoryMiB, 1);
      const first = Number((await api.send({ id: 'a' })).body);
      await api.send({ id: 'b', body: '"exit"' });
      const next = Number((await api.send({ id: 'c' })).body);
      assert.deepEqual([first, next], Array(2).fill(heapMiB + 3 * semiSpaceMiB));
    });
  }

  test(`a worker has the heap that PILOTLIGHT_HEAP_MIB asks for (launch ${launch})`, async (t) => {
    const { api } = await useBootstrap(t, {
      files: HEAP,
      variables: { PILOTLIGHT_LAUNCH: launch, PILOTLIGHT_HEAP_MIB: '100' },
    });
    const { semiSpaceMiB } = heapLimits(256, 1);
    assert.equal(Number((await api.send({ id: 'a' })).body), 100 + 3 * semiSpaceMiB);
  });

  test(`each of two workers has the heap of its share of the memory (launch ${launch})`, async (t) => {
    const { api } = await useBootstrap(t, {
      files: HEAP,
      variables: {
        PILOTLIGHT_LAUNCH: launch,
        PILOTLIGHT_WORKERS: '3',
        AWS_LAMBDA_MAX_CONCURRENCY: '2',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '2048',
      },
    });
    const { heapMiB, semiSpaceMiB } = heapLimits(2048, 2);
    assert.equal(Number((await api.send({ id: 'a' })).body), heapMiB + 3 * semiSpaceMiB);
  });

  test(`a worker has the heap that its NODE_OPTIONS ask for (launch ${launch})`, async (t) => {
    const { api } = await useBootstrap(t, {
      files: HEAP,
      variables: {
        PILOTLIGHT_LAUNCH: launch,
        NODE_OPTIONS: '--no-warnings --max_old_space_size=150 --max-semi-space-size=1',
      },
    });
    assert.equal(Number((await api.send({ id: 'a' })).body), 150 + 3);
  });
}
