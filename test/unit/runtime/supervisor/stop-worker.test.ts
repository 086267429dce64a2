import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopWorker } from '../../../../runtime/supervisor/stop-worker.ts';
import type { WorkerEnd } from '../../../../runtime/supervisor/worker-process.ts';
import { SHUTDOWN_PATH } from '../../../../worker/protocol.ts';

/** A worker that ends when it is asked, when it is killed, or not at all, and all that is done to it. */
function aWorker(endsBy: 'request' | 'kill' | undefined) {
  const { promise: ended, resolve } = Promise.withResolvers<WorkerEnd>();
  const acts: string[] = [];
  const done = (act: string, isEnd: boolean) => {
    acts.push(act);
    if (isEnd) resolve({} as WorkerEnd);
  };
  const process = { pid: 7, ended, kill: () => done('kill', endsBy === 'kill') };
  const client = {
    post: async (path: string) => done(path, endsBy === 'request'),
    close: () => done('close', false),
  };
  const log = { debug() {}, info() {}, warn: (text: string) => acts.push(text), error() {} };
  return {
    acts,
    stop: (graceMs: number) => stopWorker(process as never, client as never, graceMs, log),
  };
}

const LATE = 'worker 7 is killed: its shutdown took more than 1 ms';

test('a worker that ends when it is asked is not killed', async () => {
  const { acts, stop } = aWorker('request');
  await stop(10_000);
  assert.deepEqual(acts, [SHUTDOWN_PATH, 'close']);
});

test('a worker that takes too long is killed, which is told', async () => {
  const { acts, stop } = aWorker('kill');
  await stop(1);
  assert.deepEqual(acts, [SHUTDOWN_PATH, LATE, 'kill', 'close']);
});

test('a worker without time is killed at once', async () => {
  const { acts, stop } = aWorker('kill');
  await stop(0);
  assert.deepEqual(acts, ['kill', 'close']);
});

test('a worker that hangs in the kernel is waited for no longer than half a second', async () => {
  const { stop } = aWorker(undefined);
  // A wait that alone would not keep the process alive.
  const alive = setInterval(() => {}, 1_000);
  const beganMs = performance.now();
  await stop(0);
  clearInterval(alive);
  assert.ok(performance.now() - beganMs >= 499);
});
