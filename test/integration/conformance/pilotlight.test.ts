import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { candidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { judge } from '../../conformance/judge.ts';
import { pilotlightSubject } from '../../conformance/subjects/pilotlight.ts';
import { useLayers } from '../../helpers/use-local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

suite('pilotlight before the conformance kit', () => {
  test('the bootstrap passes every case', async (t) => {
    const { interpreter, runtime } = await useLayers();
    const layers = candidateLayers({ interpreters: [interpreter], runtime }, useTmp(t), t.signal);
    const { results } = await judge(pilotlightSubject(layers), GROUPS, { signal: t.signal });
    const others = results.filter(({ verdict }) => verdict !== 'pass');
    assert.deepEqual(
      others.map(({ name, verdict, reason, observed }) => `${name}: ${verdict}: ${reason}\n${observed}`),
      [],
    );
  });
});
