import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilSaid } from '../helpers/until-said.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const COUNTS = {
  'on-demand': [2, 2],
  // Only the first worker: an event waits for one that replaces it.
  'provisioned-concurrency': [300, 2],
};

for (const [type, counts] of Object.entries(COUNTS)) {
  test(`a worker plays ${counts.join(', then ')} invocations before its first (${type})`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: {
        'function.bundle.js': `let calls = 0;
          export const handler = async (event) => {
            if (event === 'exit') process.exit(3);
            return ++calls;
          };`,
      },
      variables: { AWS_LAMBDA_INITIALIZATION_TYPE: type, PILOTLIGHT_LOG: 'debug' },
    });
    await untilSaid(bootstrap, ' ready: ', 1);
    assert.equal((await bootstrap.api.send({ id: 'a' })).body.toString(), '1');
    await bootstrap.api.send({ id: 'b', body: '"exit"' });
    assert.equal((await bootstrap.api.send({ id: 'c' })).body.toString(), '1');
    const told = bootstrap.stderr().matchAll(/ ready: .*, (\d+) rehearsals/g);
    assert.deepEqual(
      [...told].map(([, count]) => Number(count)),
      counts,
    );
  });
}
