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

/** Sees nothing of a defect elsewhere: a copy that cannot even do this is broken, and any case would find it. */
const UNTOUCHED = 'json-null';
/** Of the cases that find a defect, those whose defect shows in the first poll of any case. */
const SHOWN_EVERYWHERE = ['concurrency-off', 'snapshot-not-asked'];

suite('planted defects', { concurrency: 3 }, () => {
  for (const defect of DEFECTS) {
    test(`case ${defect.finds} finds a planted defect: ${defect.name}`, async (t) => {
      const run = async (name: string) => {
        const found = CASES.get(name);
        assert.ok(found !== undefined, `there is no case "${name}"`);
        return (await runCase(fixtureSubject(defect), found.group, found.each, LIMIT_MS, t.signal)).result;
      };
      const result = await run(defect.finds);
      assert.equal(result.verdict, 'fail');
      assert.notEqual(result.observed, '', 'what was seen');
      if (SHOWN_EVERYWHERE.includes(defect.finds)) return;
      const other = await run(UNTOUCHED);
      assert.equal(other.verdict, 'pass', `${other.reason}\n${other.observed}`);
    });
  }
});
