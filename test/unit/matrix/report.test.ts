import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from '../../bench/histogram.ts';
import { differencesOf, observationKey } from '../../matrix/differences.ts';
import { reasonOf } from '../../matrix/known-differences.ts';
import { writeMatrix } from '../../matrix/report.ts';
import type { MatrixResult } from '../../matrix/result.ts';
import { SCENARIOS } from '../../matrix/scenarios.ts';

const machine = { cpu: 'CPU', cores: 2, memoryMiB: 1024, kernel: '6', node: '24', load: 0 };
const row = (name: string, runs: 'bundle' | 'start' = 'bundle') =>
  ({ name, layers: ['node'], mode: 'persistent', runs }) as const;

/** A run of three rounds, in which each invocation took as long. */
function runs(candidate: string, us: number) {
  const histogram = Histogram.create();
  histogram.record(us * 1000);
  const latency = histogram.encode();
  const memory = { proportionalKiB: 10 * 1024, privateKiB: 1024 };
  return [0, 1, 2].map((round) => ({ candidate, round, invocations: 1, latency, memory }));
}

test('writeMatrix() shows figures, ratios and what differs', () => {
  const scenario = {
    ...SCENARIOS.warm.scenario,
    runs: [...runs('node persistent', 100), ...runs('bun persistent', 120)],
  };
  const result: MatrixResult = {
    format: 'pilotlight-matrix',
    version: 1,
    startedAt: '2026-11-21T20:00:00Z',
    tookS: 1,
    machine,
    candidates: [row('node persistent'), row('bun persistent'), row('bun alone', 'start')],
    missing: [{ name: 'crystal persistent', reason: 'not there' }],
    differences: [
      {
        candidate: 'bun persistent',
        aspect: 'errors',
        probe: 'a',
        expected: 1,
        found: 2,
        reason: 'other words',
      },
      {
        candidate: 'bun persistent',
        aspect: 'errors',
        probe: 'b',
        expected: 1,
        found: 2,
        reason: 'other words',
      },
      { candidate: 'bun persistent', aspect: 'logs', probe: 'c', expected: 'xay', found: 'xby' },
    ],
    scenarios: [scenario],
  };
  const text = writeMatrix(result);
  const cells = (name: string) =>
    (text.split('\n').find((line) => line.startsWith(`| ${name} `)) ?? '')
      .split('|')
      .map((cell) => cell.trim());
  assert.deepEqual(cells('node persistent').slice(2, 7), ['same', 'same', 'same', 'same', 'same']);
  assert.deepEqual(cells('bun persistent').slice(2, 7), ['same', '2 known', 'same', '1 DIFFER', 'same']);
  assert.deepEqual(cells('bun alone').slice(2, 7), ['', '', '', '', '']);
  assert.match(cells('bun persistent')[9] ?? '', /^1\.20 \(/);
  assert.ok(text.includes('- bun persistent in errors: other words (a; b)'));
  assert.ok(text.includes('bun persistent differs in logs, "c"\n  expected "xay"\n  found    "xby"'));
  assert.ok(text.includes('- crystal persistent is left out: not there'));
});

test('differencesOf() finds what has another value or none, and reasonOf() what of it is to be expected', () => {
  const key = (probe: string) => observationKey('errors', probe);
  const reference = new Map<string, unknown>([
    [key('engine: text'), 'a'],
    [key('throws'), { x: 1 }],
    [key('exits'), [1]],
  ]);
  const found = new Map<string, unknown>([
    [key('engine: text'), 'b'],
    [key('exits'), [1]],
  ]);
  const differences = differencesOf(reference, found);
  assert.deepEqual(
    differences.map(({ probe }) => probe),
    ['engine: text', 'throws'],
  );
  const isExpected = (candidate: string) =>
    differences.map((difference) => reasonOf(candidate, difference) !== undefined);
  assert.deepEqual(isExpected('bun spare'), [true, false]);
  assert.deepEqual(isExpected('deno spare'), [false, false]);
});
