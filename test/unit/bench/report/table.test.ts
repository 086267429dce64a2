import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { figure, ratioText, unitOf } from '../../../bench/report/figures.ts';
import { markdownTable } from '../../../bench/report/markdown-table.ts';
import { writeTables } from '../../../bench/report/table.ts';
import type { ScenarioResult } from '../../../bench/result.ts';
import { sampleResult } from '../page/sample-result.ts';

describe('figure()', () => {
  for (const [value, printed] of [
    [0, '0.00'],
    [0.068, '0.07'],
    [8.214, '8.21'],
    [9.996, '10.0'],
    [88.44, '88.4'],
    [99.97, '100'],
    [1290.4, '1,290'],
    [undefined, ''],
  ] as const) {
    test(`prints ${value} as "${printed}"`, () => assert.equal(figure(value), printed));
  }

  test('prints in the unit that the fastest time asks for', () => {
    assert.deepEqual([unitOf([900_000, 5e6]).name, unitOf([1e6, 5e6]).name], ['µs', 'ms']);
    assert.equal(figure(2_500_000, unitOf([2_500_000]).size), '2.50');
  });
});

describe('ratioText()', () => {
  test('prints as much as is known', () => {
    const interval = { low: 0.621, high: 0.744 };
    assert.equal(ratioText({ verdict: 'faster', ratio: 0.68, interval }), '0.68 (0.62-0.74) faster');
    assert.equal(ratioText({ verdict: 'unsure', ratio: 0.68, interval: undefined }), '0.68 unsure');
    assert.equal(ratioText({ verdict: 'unsure', ratio: undefined, interval: undefined }), '');
    assert.equal(ratioText(undefined), '');
  });
});

describe('markdownTable()', () => {
  const columns = [
    { title: 'name', align: 'left', cell: ([name]: readonly string[]) => name ?? '' },
    { title: 'µs', align: 'right', cell: (row: readonly string[]) => row[1] ?? '' },
    { title: 'empty', align: 'right', cell: () => '' },
  ] as const;

  test('aligns its columns and leaves out those without a value', () => {
    const table = markdownTable(columns, [
      ['first', '7'],
      ['b', '12,345'],
    ]);
    assert.equal(table, '| name  |     µs |\n| ----- | -----: |\n| first |      7 |\n| b     | 12,345 |');
  });

  test('is nothing without rows', () => assert.equal(markdownTable(columns, []), ''));
});

describe('writeTables()', () => {
  const sample = sampleResult();
  const text = writeTables(sample);
  const ofScenario = (id: string, printed = text) => {
    const title = sample.scenarios.find((scenario) => scenario.id === id)?.title;
    const start = printed.indexOf(`## ${title}\n`);
    assert.notEqual(start, -1, `no section ${title}`);
    return printed.slice(start).split(/\n\n## |\n\nLatency is/)[0] ?? '';
  };
  /** First cells of the table with the given title in its head. */
  const firstCells = (section: string, column: string) => {
    const table = section.split('\n\n').find((part) => part.startsWith('|') && part.includes(` ${column}`));
    return table
      ?.split('\n')
      .slice(2)
      .map((line) => line.split('|')[1]?.trim());
  };

  test('fits into 120 characters, each table with straight edges', () => {
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = new Set(table.split('\n').map((line) => line.length));
      assert.equal(widths.size, 1, table);
      assert.ok(Math.max(...widths) <= 120, table);
    }
  });

  test('names the machine, the command, the time and the versions', () => {
    assert.match(text, /^`pilotlight bench --rounds 5 --html bench\.html`\\\n/);
    assert.match(
      text,
      /Example Xeon 2\.9 GHz, 2 cores, 24 GiB, kernel Linux 6\.18, Node 24\.21\.0, load 0\.31 before\\\n/,
    );
    assert.match(text, /2026-11-21 07:30 UTC, 285 s/);
    assert.match(
      text,
      /- \*\*official-node\*\*, the base: official Node client, native part \(node 24\.21\.0\)/,
    );
    assert.match(text, /- \*\*official-again\*\*, the control of official-node: /);
  });

  test('sorts by the median, and marks base, control and floor', () => {
    const names = firstCells(ofScenario('warm-split-150'), 'p50 µs') ?? [];
    assert.deepEqual([names[0], names.at(-1)], ['floor', 'bash']);
    assert.ok(names.includes('official-node (base)'));
    assert.ok(names.includes('official-again (control)'));
  });

  test('says how much was measured', () => {
    assert.match(ofScenario('warm-split-150'), /\n\n5 rounds of 2,000 invocations\n\n/);
  });

  test('shows the base without a ratio, the control as a draw and ours as faster', () => {
    const section = ofScenario('warm-split-150');
    assert.match(section, /\n\| pilotlight +\| +[\d.]+ \|.* 0\.\d\d \(0\.\d\d-0\.\d\d\) faster \|\n/);
    assert.match(section, /\n\| official-again \(control\).* draw +\|\n/);
    assert.match(section, /\n\| official-node \(base\) +\|[^a-z]+\|\n/);
  });

  test('shows throughput with the most first where several are in flight', () => {
    const names = firstCells(ofScenario('concurrent-8'), 'per s') ?? [];
    assert.deepEqual([names[0], names.at(-1)], ['floor', 'bash']);
    assert.match(ofScenario('concurrent-8'), /\n\| pilotlight .* 2\.\d\d \(.*\) faster/);
  });

  test('shows the first poll and the first answer of a cold start', () => {
    assert.match(
      ofScenario('cold'),
      /\| candidate +\| first poll ms \| first answer ms \| +rounds \| to base/,
    );
  });

  test('shows the phases in their order, a column for each candidate', () => {
    const section = ofScenario('phases');
    assert.match(section, /\| until +\| pilotlight µs \| pilotlight-pipe µs \|/);
    const names = ['received', 'forwarded', 'handler', 'returned', 'posted', 'answered'];
    assert.deepEqual(firstCells(section, 'pilotlight'), names);
  });

  test('ends with the legend and the warnings', () => {
    assert.match(text, /ratio to "official-node" in the same round/);
    assert.match(text, /\n\n- Warning: "warm, 1 MB, cores free": rounds differ by 18 %;.*\n$/);
  });

  test('writes what there is of a run without base, rounds or figures', () => {
    const [first] = sample.scenarios as [ScenarioResult, ...ScenarioResult[]];
    const empty = { ...sample, warnings: [], scenarios: [{ ...first, runs: [] }] };
    assert.match(writeTables(empty), /Nothing was measured\./);
    const peers = sample.candidates.filter(({ role }) => role === 'peer');
    assert.doesNotMatch(ofScenario(first.id, writeTables({ ...sample, candidates: peers })), /to base/);
    const bare = { ...first, runs: [{ candidate: 'go', round: 0, invocations: 3, perSecond: 12 }] };
    assert.match(writeTables({ ...sample, scenarios: [bare] }), /\| go +\| +12\.0 \|/);
  });
});
