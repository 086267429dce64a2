import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePeer } from '../../../bench/peers/make-peer.ts';
import { writeVersions } from '../../../bench/peers/versions.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

test('makePeer() looks again each time whether the step has done its work and what it installed', (t) => {
  const folder = useTmp(t);
  let missing = ['lambda_runtime', 'lambda_web_adapter'];
  const peer = makePeer({
    name: 'rust',
    description: 'client',
    folder,
    program: 'lambda_runtime',
    step: { name: 'clients', missing: () => missing, install: async () => {} },
    versions: { node: '24.0.0' },
    maxInFlight: 1,
    prepare: async () => ({ file: 'bootstrap', args: [], folder, variables: {} }),
  });
  assert.match(peer.missing ?? '', /^lambda_runtime is .+: run make bench-peers in a clone$/);
  assert.deepEqual(peer.info.versions, { node: '24.0.0' });

  missing = ['lambda_web_adapter'];
  writeVersions(folder, { rust: '1.95.0' });
  assert.equal(peer.missing, undefined);
  assert.deepEqual(peer.info.versions, { rust: '1.95.0', node: '24.0.0' });
});
