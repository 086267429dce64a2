import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readProcessStat } from '../../runtime/process-stat.ts';
import { startOnNode, type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

const MORTAL = {
  'function.bundle.js': `export const handler = (act) => {
    console.error('a line');
    if (act === 'exit') process.exit(3);
    if (act === 'kill') process.kill(process.pid, 'SIGKILL');
  };`,
};
/** Each costs one worker: the last is worn out by its second invocation. */
const ENDS = [['exit'], ['kill'], ['stay', 'stay']];
/** By then all is loaded that workers are replaced with, and V8 has optimised what runs for each. */
const SETTLING_ROUNDS = 15;
/** What collections of garbage leave from one look to the next; 0.15 MiB lost with each of sixty workers is more. */
const SWAY_MIB = 6;

function look({ child }: TestBootstrap) {
  const children = readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readProcessStat(Number(name)) : undefined;
    return stat?.parentPid === child.pid ? [stat?.state] : [];
  });
  const zombies = children.filter((state) => state === 'Z').length;
  return {
    descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    workers: children.length - zombies,
    zombies,
  };
}

function ownMiB({ child }: TestBootstrap): number {
  const rollup = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'latin1');
  return Number(/^Private_Dirty: +(\d+) kB/m.exec(rollup)?.[1]) / 1024;
}

// So small a heap that garbage is collected before it looks like a leak: with more it grows by 15 MiB, and stays there.
for (const [http, rounds, heapMiB] of [
  ['native', 20, 12],
  ['undici', 10, 20],
] as const) {
  test(`the bootstrap keeps its descriptors and its memory over ${3 * rounds} workers (${http})`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: MORTAL,
      opt: startOnNode(`--max-old-space-size=${heapMiB}`),
      variables: {
        PILOTLIGHT_HTTP: http,
        PILOTLIGHT_MAX_INVOCATIONS: '2',
        PILOTLIGHT_STOP_GRACE_MS: '20000',
      },
    });
    const { api } = bootstrap;
    await api.polled();
    const { descriptors } = look(bootstrap);
    let settledMiB = 0;
    for (let round = 0; round < SETTLING_ROUNDS + rounds; round++) {
      for (const acts of ENDS) {
        for (const act of acts) await api.send({ id: `${round}-${act}`, body: JSON.stringify(act) });
        await api.polled();
        // The first was started by the shell: Node does not wait for it.
        assert.deepEqual(look(bootstrap), { descriptors, workers: 1, zombies: 1 }, `${round}, ${acts}`);
      }
      if (round === SETTLING_ROUNDS - 1) settledMiB = ownMiB(bootstrap);
    }
    const grownMiB = ownMiB(bootstrap) - settledMiB;
    assert.ok(grownMiB < SWAY_MIB, `${settledMiB} MiB have grown by ${grownMiB}`);
  });
}
