import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { judge } from '../../conformance/judge.ts';
import { LANGUAGES } from '../../conformance/subjects/language.ts';
import { pilotlightSubject } from '../../conformance/subjects/pilotlight.ts';
import { useLayers } from '../../helpers/built-layers.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

/** Those in which it matters when a worker starts and ends; the verb judges all. */
const OF_MODES = new Set(['order of calls', 'replayed next', 'function errors']);
/** A new process keeps nothing of the one before. */
const WITHOUT_STATE = ['order-same-environment', 'replay-keeps-state'];
const needsOf = (gaps: object) =>
  GROUPS.filter(({ name }) => OF_MODES.has(name))
    .flatMap(({ cases }) => cases)
    .filter(({ needs = [] }) => needs.some((feature) => feature === 'state' || feature in gaps))
    .map(({ name }) => name);

for (const [form, unsupported] of [
  [{ mode: 'spare' }, WITHOUT_STATE],
  [{ mode: 'process' }, WITHOUT_STATE],
  [{ mode: 'process', language: 'bash-program' }, needsOf(LANGUAGES['bash-program']?.without ?? {})],
] as const) {
  test(`a bootstrap passes every case but for the declared gaps with ${JSON.stringify(form)}`, async (t) => {
    const { interpreter, runtime } = await useLayers();
    const layers = candidateLayers({ interpreters: [interpreter], runtime }, useTmp(t), t.signal);
    const groups = GROUPS.filter(({ name }) => OF_MODES.has(name));
    assert.equal(groups.length, OF_MODES.size);
    const { results } = await judge(pilotlightSubject(layers, form), groups, { signal: t.signal });
    const failed = results.filter(({ verdict }) => verdict === 'fail');
    assert.deepEqual(
      failed.map(({ name, reason, observed }) => `${name}: ${reason}\n${observed}`),
      [],
    );
    const others = results.filter(({ verdict }) => verdict === 'not supported').map(({ name }) => name);
    assert.deepEqual(others, unsupported);
  });
}
