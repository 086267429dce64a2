import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { needs } from '../helpers/needs.ts';
import { useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';

const SELF = `
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
const librariesOf = (id) => readFileSync('/proc/' + id + '/maps', 'latin1').match(/\\S*libatomic\\S*/)?.[0];
export const handler = ({ hold }) => {
  if (hold) execFileSync('/bin/sleep', ['60']);
  return { version: process.version, own: librariesOf('self'), bootstrap: librariesOf(process.ppid) };
};`;

async function useNode26(t: TestContext) {
  const { interpreter, runtime } = await useLayers('node26');
  return await useLocalLambda(t, {
    self: {
      files: { 'function.bundle.js': SELF },
      layers: [interpreter, runtime],
      // A busy machine may need most of the margin to get the report out before Lambda's own end.
      settings: {
        interpreter: 'node26',
        timeoutS: 3,
        environment: { PILOTLIGHT_DEADLINE_MARGIN_MS: '1000' },
      },
    },
  });
}

test(
  'node26 alone runs bootstrap and worker, each with the libatomic of its layer',
  needs('node26-layer'),
  async (t) => {
    const lambda = await useNode26(t);
    const { value } = await lambda.call('self', {});
    const { version, own, bootstrap } = value as Record<'version' | 'own' | 'bootstrap', string>;
    assert.match(version, /^v26\./);
    assert.match(own, /\/opt\/\d+\/lib\/libatomic\.so\.1$/);
    assert.equal(bootstrap, own);
  },
);

test(
  'a worker on node26 that waits for a program is given up in time; its memory is not read',
  needs('node26-layer'),
  async (t) => {
    const lambda = await useNode26(t);
    await lambda.call('self', {});
    const { value } = await lambda.call('self', { hold: true });
    const { errorMessage } = value as { errorMessage: string };
    assert.match(errorMessage, /^Task timed out after 3\.00 seconds: .*sleep/);
    // Where the code stands would be read with what is known of Node 24's memory.
    assert.doesNotMatch(errorMessage, /function\.bundle\.js/);
  },
);
