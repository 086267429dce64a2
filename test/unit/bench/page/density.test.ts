import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateDensity } from '../../../bench/page/density.ts';
import { spreadLabels } from '../../../bench/page/spread-labels.ts';

test('estimateDensity() shows both heaps of a distribution that has two', () => {
  const heap = (ns: number, count: number) =>
    Array.from({ length: 11 }, (_, at) => ({
      ns: ns * (1 + (at - 5) / 100),
      count: count * (6 - Math.abs(at - 5)),
    }));
  const curve = estimateDensity([...heap(50_000, 10), ...heap(140_000, 5)], [20_000, 400_000]);
  const peaks = curve.filter(
    ([, density], at) => density > (curve[at - 1]?.[1] ?? 1) && density >= (curve[at + 1]?.[1] ?? 1),
  );
  assert.equal(peaks.length, 2);
  const [first, second] = peaks as [readonly [number, number], readonly [number, number]];
  assert.ok(Math.abs(first[0] / 50_000 - 1) < 0.05 && first[1] === 1);
  assert.ok(Math.abs(second[0] / 140_000 - 1) < 0.05 && Math.abs(second[1] - 0.5) < 0.15);
});

test('estimateDensity() of a single time is one peak there', () => {
  const curve = estimateDensity([{ ns: 1_000, count: 3 }], [500, 2_000]);
  const highest = curve.reduce((best, point) => (point[1] > best[1] ? point : best));
  assert.ok(Math.abs(highest[0] / 1_000 - 1) < 0.01);
  assert.ok((curve[0]?.[1] ?? 1) < 0.01);
});

test('spreadLabels() leaves labels that are apart and parts the others within the bounds', () => {
  assert.deepEqual(spreadLabels([10, 60, 100], 20, [0, 100]), [10, 60, 100]);
  const crowded = spreadLabels([99, 98, 100, 5], 20, [0, 100]);
  assert.deepEqual(crowded, [80, 60, 100, 5]);
  assert.deepEqual(spreadLabels([50, 50, 50], 40, [0, 60]), [0, 40, 80]);
});
