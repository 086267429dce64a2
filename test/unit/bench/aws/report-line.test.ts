import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseReportLine } from '../../../bench/aws/report-line.ts';

const ID = '3897a7c2-8ac6-41e8-8e57-bf0a5b6cfb0c';
const FIELDS = [
  'Duration: 4.98 ms',
  'Billed Duration: 5 ms',
  'Memory Size: 128 MB',
  'Max Memory Used: 40 MB',
];

const report = (...fields: string[]) => `REPORT RequestId: ${ID}\t${fields.join('\t')}\t\n`;
const unreadable = { code: 'CANNOT' };

describe('parseReportLine()', () => {
  test('reads the line of a warm invocation', () => {
    const log = `START RequestId: ${ID} Version: $LATEST\nEND RequestId: ${ID}\n${report(...FIELDS)}`;
    assert.deepEqual(parseReportLine(log, ID), {
      durationMs: 4.98,
      billedMs: 5,
      memorySizeMB: 128,
      maxMemoryMB: 40,
      initMs: undefined,
    });
  });

  test('reads the init of a cold start, and the restore from a snapshot', () => {
    assert.equal(parseReportLine(report(...FIELDS, 'Init Duration: 120.22 ms'), ID).initMs, 120.22);
    const restored = ['Restore Duration: 250.5 ms', 'Billed Restore Duration: 20 ms'];
    assert.equal(parseReportLine(report(...FIELDS, ...restored), ID).initMs, 250.5);
  });

  test('passes over fields that it does not know, and lines behind', () => {
    const log = `${report(...FIELDS, 'Status: error', 'Error Type: Runtime.ExitError')}XRAY TraceId: 1-2-3\tSampled: true\n`;
    assert.equal(parseReportLine(log, ID).durationMs, 4.98);
  });

  test('takes the last line of the request, after those that the function logged itself', () => {
    const log = report('Duration: 1 ms') + report(...FIELDS);
    assert.equal(parseReportLine(log, ID).durationMs, 4.98);
  });

  test('refuses a log without the line, and the line of another request', () => {
    assert.throws(() => parseReportLine('', ID), unreadable);
    assert.throws(() => parseReportLine('{"type":"platform.report"}', ID), unreadable);
    assert.throws(() => parseReportLine(report(...FIELDS), 'another'), unreadable);
  });

  for (const [index, field] of FIELDS.entries()) {
    test(`refuses a line where "${field}" is missing, doubled or in another unit`, () => {
      assert.throws(() => parseReportLine(report(...FIELDS.toSpliced(index, 1)), ID), unreadable);
      assert.throws(() => parseReportLine(report(...FIELDS, field), ID), unreadable);
      const other = field.replace(/ (ms|MB)$/, ' s');
      assert.throws(() => parseReportLine(report(...FIELDS.with(index, other)), ID), unreadable);
    });
  }
});
