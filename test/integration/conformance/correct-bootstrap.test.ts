import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { judge } from '../../conformance/judge.ts';
import { fixtureSubject } from './fixture-subject.ts';

test('judge() passes a bootstrap that keeps the contract', async (t) => {
  const { results } = await judge(fixtureSubject(), GROUPS, { signal: t.signal });
  const others = results.filter(({ verdict }) => verdict !== 'pass');
  assert.deepEqual(
    others.map(({ name, reason, observed }) => `${name}: ${reason}\n${observed}`),
    [],
  );
});
