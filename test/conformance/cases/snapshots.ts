import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import { INIT_ERROR_PATH, type Kit, NEXT_PATH, RESTORE_ERROR_PATH, RESTORE_PATH } from '../kit.ts';
import { SNAPSHOTS, STATES } from './sources.ts';

const EMPTY = '';

const inSnapshots = (each: ConformanceCase): ConformanceCase => ({
  ...each,
  variables: { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start', ...each.variables },
});

/** Sees that the next request is the wait for the restore, and ends the wait. */
async function restore(kit: Kit): Promise<void> {
  const request = await kit.request('the wait for the restore');
  assert.equal(`${request.method} ${request.path}`, `GET ${RESTORE_PATH}`);
  request.answer(200, EMPTY);
}

async function failsAt(kit: Kit, path: string, message: RegExp): Promise<void> {
  const request = await (await kit.request(`an error at ${path}`)).whole();
  assert.equal(`${request.method} ${request.path}`, `POST ${path}`);
  const { errorType, errorMessage } = request.json as Record<string, unknown>;
  assert.equal(typeof errorType, 'string');
  assert.match(String(errorMessage), message);
  const { length } = kit.api.requests;
  request.accept();
  assert.notEqual(await kit.ended(), 'ended with exit code 0');
  assert.equal(kit.api.requests.length, length, 'requests behind the error');
}

/** Environments that are copied once they have started. */
export const snapshots: Group = {
  name: 'SnapStart',
  cases: [
    inSnapshots({
      name: 'snapshot-restore-once',
      clause:
        'A runtime waits for its restore once, before the first poll; one without hooks may poll at once.',
      source: STATES,
      does: 'answers the wait if there is one, then hands out two events',
      expects: 'their answers, and no other wait',
      async run(kit) {
        const first = await kit.request();
        if (first.path === RESTORE_PATH) first.answer(200, EMPTY);
        else first.isTaken = false;
        await kit.serves();
        await kit.serves();
        await kit.poll();
      },
    }),
    {
      name: 'snapshot-not-asked',
      clause: 'Without a snapshot there is no such call: it is answered with 404.',
      source: STATES,
      does: 'starts the bootstrap on demand',
      expects: 'a poll as the first call',
      async run(kit) {
        await kit.poll();
      },
    },
    inSnapshots({
      name: 'snapshot-refused',
      clause: 'A refused wait is not repeated for ever.',
      source: STATES,
      does: 'answers each wait with 403',
      expects: 'a poll, or the end, after at most three of them',
      async run(kit) {
        for (let tries = 0; tries < 3; tries++) {
          const request = await kit.requestOrEnd();
          if (request === undefined || request.path === NEXT_PATH) return;
          request.answer(403);
        }
        await kit.pollOrEnd();
      },
    }),
    inSnapshots({
      name: 'snapshot-init-fails',
      clause: 'A function that fails to load is never copied: the init error comes before the wait.',
      source: STATES,
      does: 'lets the handler’s module fail',
      expects: 'an init error and the end',
      needs: ['init'],
      variables: { CONFORMANCE_INIT: 'throw' },
      async run(kit) {
        await failsAt(kit, INIT_ERROR_PATH, /init failed on purpose/);
      },
    }),
    inSnapshots({
      name: 'snapshot-hooks-in-order',
      clause:
        'Hooks before the snapshot run from the last to the first, those after the restore from the first.',
      source: SNAPSHOTS,
      does: 'lets the function register two of each, and asks which ran',
      expects:
        'those before the snapshot by the time of the wait, the others behind it and before the first poll',
      needs: ['snapshot-hooks'],
      variables: { CONFORMANCE_SNAPSHOT: 'hooks' },
      async run(kit) {
        const waiting = await kit.request('the wait for the restore');
        assert.equal(waiting.path, RESTORE_PATH);
        const shown = async () => (await kit.process.output()).match(/(?:before|after) \d/g);
        assert.deepEqual(await shown(), ['before 2', 'before 1']);
        waiting.answer(200, EMPTY);
        await kit.poll();
        assert.deepEqual(await shown(), ['before 2', 'before 1', 'after 1', 'after 2']);
      },
    }),
    inSnapshots({
      name: 'snapshot-before-fails',
      clause: 'A hook that fails before the snapshot is an init error.',
      source: SNAPSHOTS,
      does: 'lets such a hook fail',
      expects: 'an init error and the end, no wait for a restore',
      needs: ['snapshot-hooks'],
      variables: { CONFORMANCE_SNAPSHOT: 'before fails' },
      async run(kit) {
        await failsAt(kit, INIT_ERROR_PATH, /before fails on purpose/);
      },
    }),
    inSnapshots({
      name: 'snapshot-after-fails',
      clause: 'A hook that fails after the restore is told to the path of restores, which ends the copy.',
      source: SNAPSHOTS,
      does: 'lets such a hook fail',
      expects: `POST ${RESTORE_ERROR_PATH} and the end, no poll`,
      needs: ['snapshot-hooks'],
      variables: { CONFORMANCE_SNAPSHOT: 'after fails' },
      async run(kit) {
        await restore(kit);
        await failsAt(kit, RESTORE_ERROR_PATH, /after fails on purpose/);
      },
    }),
  ],
};
