import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS } from '../../conformance/cases/all-groups.ts';

const CASES = GROUPS.flatMap(({ cases }) => cases);

test('the kit has at least 80 cases, and no group fewer than three', () => {
  assert.ok(CASES.length >= 80, `got ${CASES.length}`);
  for (const { name, cases } of GROUPS) assert.ok(cases.length >= 3, name);
});

test('names of cases and groups are there once', () => {
  const names = [...GROUPS, ...CASES].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('every case says what it checks, where that is written, what is done and what is expected', () => {
  for (const { name, clause, source, does, expects } of CASES) {
    assert.match(clause, /\.$/, name);
    for (const text of [source, does, expects]) assert.notEqual(text, '', name);
  }
});
