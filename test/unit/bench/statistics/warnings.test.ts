import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CandidateInfo, Machine, ScenarioResult } from '../../../bench/result.ts';
import { noiseWarnings } from '../../../bench/statistics/warnings.ts';
import { simulate } from './simulate-run.ts';

const QUIET: Machine = { cpu: 'any', cores: 2, memoryMiB: 4096, kernel: '6', node: '24', load: 0.1 };

const CANDIDATES: readonly CandidateInfo[] = [
  { name: 'base', description: '', versions: {}, role: 'base' },
  { name: 'again', description: '', versions: {}, role: 'control', repeats: 'base' },
];

const warn = (machine: Partial<Machine>, scenarios: readonly ScenarioResult[] = []) =>
  noiseWarnings({ machine: { ...QUIET, ...machine }, candidates: CANDIDATES, scenarios });

function throughputs(base: readonly number[], again: readonly number[]): ScenarioResult {
  const runs = Object.entries({ base, again }).flatMap(([candidate, values]) =>
    values.map((perSecond, round) => ({ candidate, round, invocations: 100, perSecond })),
  );
  return { ...simulate({ seed: 1, candidates: [] }), kind: 'concurrent', title: 'eight in flight', runs };
}

function assertOne(warnings: readonly string[], text: RegExp): void {
  assert.equal(warnings.length, 1, warnings.join('\n'));
  assert.match(warnings[0] ?? '', text);
}

describe('noiseWarnings()', () => {
  test('says nothing of a quiet run', () => {
    const same = { candidates: CANDIDATES.map(({ name }) => ({ name, medianNs: 100_000 })) };
    assert.deepEqual(
      warn({ governor: 'performance', stealPercent: 0.2 }, [simulate({ seed: 3, ...same })]),
      [],
    );
  });

  for (const [what, machine, text] of [
    ['one core', { cores: 1 }, /one core/],
    ['a busy machine', { load: 1.2 }, /load was 1\.20 on 2 cores/],
    ['time that the host took', { stealPercent: 4 }, /4\.0 % of the time/],
    ['changing frequencies', { governor: 'powersave' }, /"powersave"/],
  ] as const) {
    test(`warns of ${what}`, () => assertOne(warn(machine), text));
  }

  test('judges the load by the cores', () => {
    assert.deepEqual(warn({ cores: 8, load: 1.2 }), []);
  });

  test('warns of a control that is no draw, with its size', () => {
    const scenario = throughputs([100, 101, 99, 100], [115, 116, 114, 115]);
    assertOne(warn({}, [scenario]), /"again" is "base" once more, and came out 15\.0 % faster/);
  });

  test('warns of rounds that scatter, by their numbers as people count', () => {
    const scenario = throughputs([100, 100, 100, 100, 50], [100, 100, 100, 100, 52]);
    assertOne(warn({}, [scenario]), /eight in flight: .*base \(5\), again \(5\)/);
  });

  test('advises a fixed placement where the scheduler chose', () => {
    const scenario = { ...throughputs([100, 100, 100, 50], [100, 100, 100, 51]), placement: 'free' } as const;
    assertOne(warn({}, [scenario]), /fixed placement/);
  });

  test('warns of too few rounds, and of nothing else about them', () => {
    assertOne(warn({}, [throughputs([100, 10], [50, 90])]), /2 rounds are too few/);
  });

  test('does not judge phases', () => {
    assert.deepEqual(warn({}, [{ ...throughputs([1], [9]), kind: 'phases' }]), []);
  });
});
