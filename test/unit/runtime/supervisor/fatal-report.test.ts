import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFatalReport, takeFatalReport } from '../../../../runtime/supervisor/fatal-report.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const FULL = {
  header: { event: 'Allocation failed - JavaScript heap out of memory', trigger: 'OOMError' },
  javascriptHeap: { usedMemory: 54_086_752 },
  resourceUsage: { maxRss: 138_256_384 },
};

test('takeFatalReport() reads that the heap was full, and removes the report', (t) => {
  const path = join(useTmp(t), 'report.json');
  writeFileSync(path, JSON.stringify(FULL));
  assert.deepEqual(takeFatalReport(path), {
    isHeapFull: true,
    event: 'Allocation failed - JavaScript heap out of memory',
    heapBytes: 54_086_752,
    peakMemoryBytes: 138_256_384,
  });
  assert.equal(existsSync(path), false);
});

test('takeFatalReport() takes nothing that Node would not write', (t) => {
  const path = join(useTmp(t), 'report.json');
  assert.equal(takeFatalReport(path), undefined);
  writeFileSync(path, '{"header":');
  assert.equal(takeFatalReport(path), undefined);
  writeFileSync(path, JSON.stringify(FULL));
  truncateSync(path, 2_000_000);
  assert.equal(takeFatalReport(path), undefined);
  // Reading it would wait for a writer for ever.
  execFileSync('/usr/bin/mkfifo', [path]);
  assert.equal(takeFatalReport(path), undefined);
  assert.equal(existsSync(path), false);
});

test('parseFatalReport() tells other fatal errors from a full heap, and both from other reports', () => {
  const withTrigger = (trigger: string) => parseFatalReport({ ...FULL, header: { event: 'e', trigger } });
  assert.equal(withTrigger('FatalError')?.isHeapFull, false);
  assert.equal(withTrigger('Signal'), undefined);
  for (const value of [null, 1, [], {}, { header: null }]) assert.equal(parseFatalReport(value), undefined);
  assert.deepEqual(parseFatalReport({ header: FULL.header, javascriptHeap: { usedMemory: '1' } }), {
    isHeapFull: true,
    event: FULL.header.event,
    heapBytes: undefined,
    peakMemoryBytes: undefined,
  });
});
