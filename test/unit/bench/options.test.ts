import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate } from '../../bench/candidates/candidate.ts';
import { AHEAD } from '../../bench/candidates/pilotlight.ts';
import { commandOf, scenariosOf } from '../../bench/options.ts';
import { SUITE, takesPart } from '../../bench/suite.ts';

test('scenariosOf() is the whole suite when nothing is asked for', () => {
  assert.equal(scenariosOf({}, 2), SUITE);
  assert.equal(new Set(SUITE.map(({ id }) => id)).size, SUITE.length);
});

test('scenariosOf() makes one scenario of a size or a placement', () => {
  const ids = [{ size: '10000' }, { placement: 'one' }, { size: '5900000', placement: 'free' }].map(
    (values) => scenariosOf(values).map(({ id }) => id),
  );
  assert.deepEqual(ids, [['warm-split-10k'], ['warm-one-150'], ['warm-free-5.9MB']]);
});

test('scenariosOf() makes one of the first invocations, which is where one initialised ahead differs', () => {
  const [scenario] = scenariosOf({ first: '20', size: '10000' });
  assert.equal(scenario?.id, 'first-20-split-10k');
  assert.deepEqual([scenario?.warmUp, scenario?.invocations], [0, 20]);
  const ahead = { info: { name: AHEAD }, maxInFlight: 8 } as Candidate;
  assert.deepEqual(
    [scenario, ...SUITE].map((each) => each && takesPart(each, ahead)),
    [true, ...SUITE.map(() => false)],
  );
});

test('scenariosOf() takes another number of rounds, and fewer events with --quick', () => {
  const [scenario] = scenariosOf({ size: '150', rounds: '7', quick: true });
  assert.equal(scenario?.rounds, 7);
  assert.equal(scenario?.invocations, 50);
});

test('scenariosOf() leaves out what one processor cannot do', () => {
  assert.deepEqual([...new Set(scenariosOf({}, 1).map(({ placement }) => placement))], ['free']);
});

test('takesPart() looks at names, and at how many events a candidate takes at once', () => {
  const makes = (name: string, maxInFlight: number) => {
    const info = { name, description: '', versions: {}, role: 'peer' as const };
    const prepare = () => assert.fail();
    return { info, missing: undefined, maxInFlight, prepare };
  };
  const takingPart = (candidate: Candidate) =>
    SUITE.filter((scenario) => takesPart(scenario, candidate)).map(({ kind }) => kind);
  assert.ok(takingPart(makes('pilotlight', 8)).includes('phases'));
  assert.ok(takingPart(makes('any', 8)).includes('concurrent'));
  assert.ok(!takingPart(makes('any', 1)).includes('concurrent'));
  assert.ok(!takingPart(makes('any', 8)).includes('phases'));
  assert.deepEqual(takingPart({ ...makes('any', 8), maxEventBytes: 100 }), []);
  assert.ok(!takingPart(makes('bash', 8)).includes('log'));
});

for (const values of [
  { size: '1' },
  { size: 'large' },
  { placement: 'left' },
  { rounds: '0' },
  { first: '0' },
]) {
  test(`scenariosOf() refuses ${JSON.stringify(values)}`, () => {
    assert.throws(() => scenariosOf(values), { code: 'USAGE' });
  });
}

test('commandOf() writes the options so that a shell reads them again', () => {
  const values = {
    rounds: '3',
    quick: true,
    json: true,
    verbose: false,
    candidate: ['a=./x', "b=it's here"],
  };
  assert.equal(
    commandOf(values),
    `pilotlight bench --rounds 3 --quick --candidate a=./x --candidate 'b=it'\\''s here'`,
  );
});
