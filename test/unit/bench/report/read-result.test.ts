import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseResult, readResult } from '../../../bench/report/read-result.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { sampleResult } from '../page/sample-result.ts';

const unusable = { code: 'USAGE' };

describe('parseResult()', () => {
  const sample = sampleResult();

  test('takes a run as JSON carries it, and loses nothing', () => {
    const result: unknown = JSON.parse(JSON.stringify(sample));
    assert.deepEqual(parseResult(result), result);
  });

  for (const [what, value] of [
    ['nothing', undefined],
    ['text', 'bench'],
    ['another object', { version: 1 }],
    ['figures of a deployed function', { format: 'pilotlight-bench-aws', version: 1 }],
    ['a run of a newer version', { ...sample, version: 2 }],
    ['a run without scenarios', { ...sample, scenarios: undefined }],
    ['a round before the first', withRun({ round: -1 })],
    ['a histogram that is none', withRun({ latency: 'HISTFAAAnonsense' })],
    ['a time that is none', withRun({ cold: { firstPollNs: 'soon', firstAnswerNs: 1 } })],
  ] as const) {
    test(`refuses ${what}`, () => assert.throws(() => parseResult(value), unusable));
  }

  test('says of a newer version what to do', () => {
    assert.throws(() => parseResult({ ...sample, version: 2 }), {
      next: 'Update pilotlight, or measure again',
    });
  });

  test('names the part that is wrong', () => {
    assert.throws(() => parseResult(withRun({ latency: 'no' }), 'before.json'), {
      message: /"before\.json".*scenarios\.0\.runs\.0\.latency/,
    });
  });

  function withRun(change: object) {
    const [scenario] = sample.scenarios;
    const [run] = scenario?.runs ?? [];
    return { ...sample, scenarios: [{ ...scenario, runs: [{ ...run, ...change }] }] };
  }
});

describe('readResult()', () => {
  test('reads a file', async (t) => {
    const path = join(useTmp(t), 'run.json');
    writeFileSync(path, JSON.stringify(sampleResult()));
    assert.equal((await readResult(path)).scenarios.length, sampleResult().scenarios.length);
  });

  test('refuses a file that is not there, and one that is no JSON', async (t) => {
    const path = join(useTmp(t), 'run.json');
    await assert.rejects(readResult(path), { code: 'CANNOT' });
    writeFileSync(path, '| candidate | p50 µs |');
    await assert.rejects(readResult(path), unusable);
  });
});
