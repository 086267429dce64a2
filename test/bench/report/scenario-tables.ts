import type { BenchResult, Metric, ScenarioResult } from '../result.ts';
import { figure, range, ratioText, type Unit, unitOf } from './figures.ts';
import { type Column, markdownTable } from './markdown-table.ts';
import { type ScenarioRow, scenarioRows } from './scenario-rows.ts';

const KIB_PER_MIB = 1024;

/**
 * Writes what a scenario showed as Markdown: a title, how much was measured, and one or two tables.
 *
 * @param candidates those of the whole run
 */
export function scenarioTables(scenario: ScenarioResult, candidates: BenchResult['candidates']): string {
  const rows = scenarioRows(scenario, candidates);
  const tables = tablesOf(scenario, rows).filter((table) => table !== '');
  const parts = tables.length === 0 ? ['Nothing was measured.'] : [extentOf(scenario), ...tables];
  return [`## ${scenario.title}`, ...parts].join('\n\n');
}

/** `5 rounds of 2,000 invocations`; candidates may differ in how many they were sent. */
function extentOf({ runs }: ScenarioResult): string {
  const rounds = new Set(runs.map(({ round }) => round)).size;
  const counts = runs.map(({ invocations }) => invocations);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)].map((count) =>
    count.toLocaleString('en-US'),
  );
  const invocations = fewest === most ? most : `${fewest} to ${most}`;
  return `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${invocations} ${most === '1' ? 'invocation' : 'invocations'}`;
}

function tablesOf({ kind }: ScenarioResult, rows: readonly ScenarioRow[]): string[] {
  switch (kind) {
    case 'cold':
      return [coldTable(rows)];
    case 'first':
      return [firstTable(rows)];
    case 'concurrent':
      return [throughputTable(rows)];
    case 'phases':
      return [phasesTable(rows)];
    default:
      return latencyTables(rows);
  }
}

function latencyTables(rows: readonly ScenarioRow[]): string[] {
  const unit = timeUnit(rows, 'p50');
  const latencies = [
    candidate,
    time('p50', 'p50', unit),
    rounds('p50', unit.size),
    time('p90', 'p90', unit),
    time('p99', 'p99', unit),
    time('p99.9', 'p999', unit),
    time('mean', 'mean', unit),
    toBase('to base', 'p50'),
  ];
  const others = [
    candidate,
    time('turn', 'turnaround', unit),
    toBase('turn to base', 'turnaround'),
    toBase('p99 to base', 'p99'),
    plain('per s', 'perSecond'),
    plain('CPU µs', 'cpu'),
    plain('MB', 'memory', KIB_PER_MIB),
  ];
  return [markdownTable(latencies, rows), markdownTable(others, rows)];
}

/** About their sum: each is paid once an environment. */
function firstTable(rows: readonly ScenarioRow[]): string {
  const unit = timeUnit(rows, 'mean');
  const columns = [
    candidate,
    time('mean', 'mean', unit),
    rounds('mean', unit.size),
    toBase('to base', 'mean'),
    time('p50', 'p50', unit),
    time('p90', 'p90', unit),
    time('p99', 'p99', unit),
  ];
  return markdownTable(columns, rows);
}

function throughputTable(rows: readonly ScenarioRow[]): string {
  const unit = timeUnit(rows, 'p50');
  const columns = [
    candidate,
    plain('per s', 'perSecond'),
    rounds('perSecond'),
    toBase('to base', 'perSecond'),
    time('p50', 'p50', unit),
    time('p99', 'p99', unit),
    plain('CPU µs', 'cpu'),
    plain('MB', 'memory', KIB_PER_MIB),
  ];
  return markdownTable(columns, rows);
}

function coldTable(rows: readonly ScenarioRow[]): string {
  const unit = timeUnit(rows, 'firstAnswer');
  const columns = [
    candidate,
    time('first poll', 'firstPoll', unit),
    time('first answer', 'firstAnswer', unit),
    rounds('firstAnswer', unit.size),
    toBase('to base', 'firstAnswer'),
  ];
  return markdownTable(columns, rows);
}

/** A line for each part of an invocation, a column for each candidate. */
function phasesTable(rows: readonly ScenarioRow[]): string {
  const names = new Set(rows.flatMap(({ summary }) => summary.phases.map(({ name }) => name)));
  const unit = unitOf(rows.flatMap(({ summary }) => summary.phases.map(({ medianNs }) => medianNs)));
  const columns: Column<string>[] = rows.map(({ label, summary }) => ({
    title: `${label} ${unit.name}`,
    align: 'right',
    cell: (name) => figure(summary.phases.find((phase) => phase.name === name)?.medianNs, unit.size),
  }));
  return markdownTable([{ title: 'until', align: 'left', cell: (name) => name }, ...columns], [...names]);
}

function timeUnit(rows: readonly ScenarioRow[], metric: Metric): Unit {
  return unitOf(rows.flatMap(({ summary }) => summary.metrics[metric]?.median ?? []));
}

const candidate: Column<ScenarioRow> = { title: 'candidate', align: 'left', cell: ({ label }) => label };

function time(title: string, metric: Metric, unit: Unit): Column<ScenarioRow> {
  return plain(`${title} ${unit.name}`, metric, unit.size);
}

function plain(title: string, metric: Metric, size = 1): Column<ScenarioRow> {
  return { title, align: 'right', cell: ({ summary }) => figure(summary.metrics[metric]?.median, size) };
}

function rounds(metric: Metric, size = 1): Column<ScenarioRow> {
  return { title: 'rounds', align: 'right', cell: ({ summary }) => range(summary.metrics[metric], size) };
}

function toBase(title: string, metric: Metric): Column<ScenarioRow> {
  return { title, align: 'left', cell: (row) => ratioText(row.toBase(metric)) };
}
