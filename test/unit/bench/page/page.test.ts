import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writePage } from '../../../bench/page/page.ts';
import type { BenchResult } from '../../../bench/result.ts';
import { sampleResult } from './sample-result.ts';

const SAMPLE = sampleResult();

test('writePage() writes the same page for the same result', () => {
  assert.equal(writePage(sampleResult()), writePage(SAMPLE));
});

test('writePage() answers in a sentence with the ratio, its interval and both times', () => {
  const heading = /<h1>(.*?)<\/h1>/.exec(writePage(SAMPLE))?.[1] ?? '';
  assert.match(
    heading.replaceAll('\u00a0', ' '),
    /^pilotlight answers a warm 150 B invocation in 0\.\d\d of the time of official-node \(95 % interval 0\.\d\d to 0\.\d\d\): [\d.]+ µs against [\d.]+ µs\.$/,
  );
});

test('writePage() shows warnings, command, machine, versions and every scenario', () => {
  const page = writePage(SAMPLE);
  for (const text of [SAMPLE.command, SAMPLE.machine.cpu, ...SAMPLE.scenarios.map(({ title }) => title)]) {
    assert.ok(page.includes(text), text);
  }
  assert.match(page, /rounds differ by 18 %/);
  assert.match(page, /node 24\.21\.0/);
});

test('writePage() escapes every text of a result', () => {
  const page = writePage(hostile());
  assert.ok(!page.includes('<img'), 'an element came through');
  assert.ok(!/"\s+onerror=/.test(page), 'an attribute came through');
  assert.ok(page.includes('&lt;img'));
});

test('writePage() writes a page of results without a base, without scenarios and without runs', () => {
  const noBase = SAMPLE.candidates.filter(({ role }) => role !== 'base' && role !== 'control');
  const noRuns = SAMPLE.scenarios.map((scenario) => ({ ...scenario, runs: [] }));
  assert.match(writePage({ ...SAMPLE, candidates: noBase }), /pilotlight answers a warm .* \(median\)/);
  assert.match(writePage({ ...SAMPLE, scenarios: [] }), /No warm invocations were measured/);
  assert.match(writePage({ ...SAMPLE, scenarios: noRuns, warnings: [] }), /Nothing was measured/);
});

test('writePage() claims nothing from a single round', () => {
  const scenarios = SAMPLE.scenarios.map((scenario) => ({
    ...scenario,
    runs: scenario.runs.filter(({ round }) => round === 0),
  }));
  const page = writePage({ ...SAMPLE, scenarios });
  assert.match(page, /too few rounds to be sure/);
  assert.ok(!page.includes('NaN') && !page.includes('Infinity') && !page.includes('undefined'));
});

/** Every string is an attack, and names still fit each other. */
function hostile(): BenchResult {
  const attack = (text: string) => `${text}"><img src=x onerror='alert(1)'>\u0000</style></script>`;
  return {
    ...SAMPLE,
    command: attack('a'),
    machine: {
      ...SAMPLE.machine,
      cpu: attack('b'),
      kernel: attack('c'),
      node: attack('d'),
      governor: attack('e'),
    },
    startedAt: attack('f'),
    warnings: [attack('g')],
    candidates: SAMPLE.candidates.map((info) => ({
      ...info,
      name: attack(info.name),
      description: attack('h'),
      versions: { [attack('i')]: attack('j') },
      ...(info.repeats !== undefined && { repeats: attack(info.repeats) }),
    })),
    scenarios: SAMPLE.scenarios.map((scenario) => ({
      ...scenario,
      id: attack('k'),
      title: attack('l'),
      runs: scenario.runs.map(({ phases, ...run }) => ({
        ...run,
        candidate: attack(run.candidate),
        ...(phases && { phases: phases.map(({ name, medianNs }) => ({ name: attack(name), medianNs })) }),
      })),
    })),
  };
}
