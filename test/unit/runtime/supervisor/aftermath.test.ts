import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Aftermath } from '../../../../runtime/supervisor/aftermath.ts';
import type { WorkerEnd } from '../../../../runtime/supervisor/worker-process.ts';

const LOG = { debug() {}, info() {}, warn() {}, error() {} };

/** A worker that ends when it is told, not when it is killed. */
function dyingWorker() {
  const { promise: ended, resolve } = Promise.withResolvers<WorkerEnd>();
  let kills = 0;
  return {
    worker: { ended, kill: () => void kills++ },
    end: () => resolve({} as WorkerEnd),
    kills: () => kills,
  };
}

/** Whether nothing is left, once all that can follow at once has. */
async function isOver(aftermath: Aftermath): Promise<boolean> {
  let over = false;
  void aftermath.over().then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  return over;
}

test('a worker that is killed is waited for, and for what its end adds', async () => {
  const aftermath = new Aftermath(LOG);
  const [{ worker, end, kills }, orphans] = [dyingWorker(), Promise.withResolvers<void>()];
  void worker.ended.then(() => aftermath.add(orphans.promise));
  aftermath.kill(worker);
  assert.equal(kills(), 1);
  assert.equal(await isOver(aftermath), false);
  end();
  assert.equal(await isOver(aftermath), false);
  orphans.resolve();
  assert.equal(await isOver(aftermath), true);
});

test('a worker that hangs in the kernel keeps the next one waiting for half a second alone', async () => {
  const aftermath = new Aftermath(LOG);
  const began = performance.now();
  aftermath.kill(dyingWorker().worker);
  // A wait that alone would not keep the process alive.
  const alive = setInterval(() => {}, 1_000);
  await aftermath.over();
  clearInterval(alive);
  assert.ok(performance.now() - began >= 499);
});
