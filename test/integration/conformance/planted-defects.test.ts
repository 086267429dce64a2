import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { LIMIT_MS } from '../../conformance/judge.ts';
import { runCase } from '../../conformance/run-case.ts';
import { fixtureSubject } from './fixture-subject.ts';
import { DEFECTS } from './planted-defects.ts';

const CASES = new Map(
  GROUPS.flatMap((group) => group.cases.map((each) => [each.name, { group: group.name, each }])),
);

suite('planted defects', { concurrency: 3 }, () => {
  for (const defect of DEFECTS) {
    test(`case ${defect.finds} finds a planted defect: ${defect.name}`, async (t) => {
      const found = CASES.get(defect.finds);
      assert.ok(found !== undefined, `there is no case "${defect.finds}"`);
      const { result } = await runCase(fixtureSubject(defect), found.group, found.each, LIMIT_MS, t.signal);
      assert.equal(result.verdict, 'fail');
      assert.notEqual(result.observed, '', 'what was seen');
    });
  }
});
