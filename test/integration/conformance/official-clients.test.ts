import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { judge } from '../../conformance/judge.ts';
import { peerSubjects } from '../../conformance/subjects/peers.ts';
import { needs, type ProgramName } from '../../helpers/needs.ts';

/** A case that they fail without a proof is a mistake of the kit; the loop is written by the same guide as theirs. */
const CLIENTS: readonly (readonly [name: string, program: ProgramName])[] = [
  ['Node client', 'aws-lambda-ric'],
  ['Python client', 'awslambdaric'],
  ['Go client', 'kit-go'],
  ['Rust client', 'kit-rust'],
  ['PHP loop', 'php-curl'],
];

for (const [name, program] of CLIENTS) {
  test(`the ${name} fails only cases that carry a proof`, needs(program), async (t) => {
    const subject = peerSubjects().find((each) => each.name === name);
    assert.ok(subject !== undefined);
    const { results } = await judge(subject, GROUPS, { signal: t.signal });
    const unproven = results.filter(({ verdict, proof }) => verdict === 'fail' && proof === undefined);
    assert.deepEqual(
      unproven.map((each) => `${each.name}: ${each.reason}\n${each.observed}`),
      [],
    );
    assert.ok(results.filter(({ verdict }) => verdict === 'pass').length > results.length / 2);
  });
}
