import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from '../../bench/histogram.ts';

function histogramOf(...times: readonly number[]): Histogram {
  const histogram = Histogram.create();
  for (const ns of times) histogram.record(ns);
  return histogram;
}

function isNear(ns: number, wanted: number): void {
  assert.ok(Math.abs(ns / wanted - 1) < 0.001, `${ns} is not ${wanted}`);
}

test('a histogram tells times to three digits, from nanoseconds to a minute', () => {
  for (const ns of [7, 1_234, 56_789, 123_456_789, 59_876_543_210]) {
    isNear(histogramOf(ns).percentile(50), ns);
  }
  isNear(histogramOf(90e9).max, 60e9);
});

test('percentile() is the time that so many do not exceed', () => {
  const histogram = histogramOf(...Array.from({ length: 1_000 }, (_, index) => (index + 1) * 1_000));
  isNear(histogram.percentile(50), 500_000);
  isNear(histogram.percentile(99.9), 999_000);
  isNear(histogram.mean, 500_500);
});

test('decode() reads what encode() wrote', () => {
  const histogram = histogramOf(10, 10, 2_000_000);
  const copy = Histogram.decode(histogram.encode());
  assert.deepEqual(copy.buckets(), histogram.buckets());
  assert.equal(copy.count, 3);
});

test('merge() has all of both', () => {
  const merged = Histogram.merge([histogramOf(10), Histogram.decode(histogramOf(20, 30).encode())]);
  assert.deepEqual(
    merged.buckets(),
    [10, 20, 30].map((ns) => ({ ns, count: 1 })),
  );
});

test('an empty histogram is all zero', () => {
  const { count, mean, max } = Histogram.create();
  assert.deepEqual({ count, mean, max }, { count: 0, mean: 0, max: 0 });
  assert.equal(Histogram.create().percentile(99), 0);
});
