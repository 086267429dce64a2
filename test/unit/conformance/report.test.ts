import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeMarkdown } from '../../conformance/report/markdown.ts';
import { writePage } from '../../conformance/report/page.ts';
import { writeTable } from '../../conformance/report/table.ts';
import type { CaseResult, Judgement } from '../../conformance/result.ts';

function result(name: string, verdict: CaseResult['verdict']): CaseResult {
  return {
    name,
    group: 'group',
    clause: `The clause of ${name}.`,
    source: 'a source',
    does: 'does something',
    expects: 'something',
    proof: 'a proof',
    verdict,
    reason: verdict === 'pass' ? undefined : 'not <as> expected\nsecond line',
    observed: verdict === 'fail' ? '>1 GET /' : undefined,
    durationMs: 1,
  };
}

const ONE: Judgement = {
  subject: 'one',
  description: 'first',
  results: [result('a', 'pass'), result('b', 'fail'), result('c', 'not supported')],
};
const OTHER: Judgement = {
  subject: 'other',
  description: 'second',
  results: [result('a', 'pass'), result('b', 'pass'), result('c', 'pass')],
};

test('writeTable() shows verdicts, what was seen of failures, and the sum', () => {
  const text = writeTable(ONE);
  assert.match(text, /pass {2}a/);
  assert.match(text, /FAIL {2}b {2}not <as> expected\n/);
  assert.match(text, /observed {2}>1 GET \//);
  assert.match(text, /proof {5}a proof/);
  assert.match(text, /one: 1 pass, 1 fail, 1 not supported\n$/);
});

test('writeMarkdown() counts what is supported and names who failed with the proof', () => {
  assert.equal(
    writeMarkdown([ONE, OTHER]),
    [
      '| passed of supported cases | one | other |',
      '| --- | ---: | ---: |',
      '| group | 1/2 | 3/3 |',
      '| all | 1/2 | 3/3 |',
      '',
      '| case | clause | failed by | source |',
      '| --- | --- | --- | --- |',
      '| `b` | The clause of b. | one | a proof |',
      '',
    ].join('\n'),
  );
});

test('writePage() escapes what bootstraps say', () => {
  const page = writePage([ONE]);
  assert.ok(page.includes('not &lt;as&gt; expected'));
  assert.ok(!page.includes('<as>'));
});
