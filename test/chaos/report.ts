import { type Column, markdownTable } from '../bench/report/markdown-table.ts';
import { quantile } from './quantile.ts';
import type { ChaosRun, Outcome } from './run-chaos.ts';

/** One kind of fault, or none. */
interface Row {
  readonly fault: string;
  readonly count: number;
  readonly right: number;
  /** From the event's way out to the next answer, in milliseconds. */
  readonly recoveryP50Ms: number | undefined;
  readonly recoveryP99Ms: number | undefined;
}

/** A run in figures. */
export interface ChaosReport {
  readonly seed: number;
  readonly invocations: number;
  readonly withFault: number;
  readonly withTwo: number;
  readonly environments: number;
  readonly durationMs: number;
  readonly descriptors: { readonly least: number; readonly most: number; readonly last: number };
  readonly memoryMiB: { readonly early: number; readonly late: number };
  readonly faults: readonly Row[];
  readonly problems: readonly string[];
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'fault', align: 'left', cell: ({ fault }) => fault },
  { title: 'count', align: 'right', cell: ({ count }) => String(count) },
  { title: 'right', align: 'right', cell: ({ right }) => String(right) },
  { title: 'next answer p50', align: 'right', cell: ({ recoveryP50Ms }) => inMs(recoveryP50Ms) },
  { title: 'p99', align: 'right', cell: ({ recoveryP99Ms }) => inMs(recoveryP99Ms) },
];

/** Problems that are shown; a run that goes wrong often has one cause. */
const MAX_PROBLEMS = 20;

/**
 * Sums a run up.
 *
 * @param run what was seen
 */
export function reportOf({
  plan,
  outcomes,
  problems,
  usage,
  environments,
  durationMs,
}: ChaosRun): ChaosReport {
  const descriptors = usage.map((one) => one.descriptors);
  return {
    seed: plan.seed,
    invocations: outcomes.length,
    withFault: outcomes.filter(({ invocation }) => invocation.faults.length > 0).length,
    withTwo: outcomes.filter(({ invocation }) => invocation.faults.length > 1).length,
    environments,
    durationMs,
    descriptors: {
      least: Math.min(...descriptors),
      most: Math.max(...descriptors),
      last: descriptors.at(-1) ?? 0,
    },
    memoryMiB: { early: memoryMiB(usage.slice(1, 5)), late: memoryMiB(usage.slice(-4)) },
    faults: rowsOf(outcomes),
    problems,
  };
}

/**
 * Writes a report for people.
 *
 * @param report the figures
 */
export function writeReport(report: ChaosReport): string {
  const { seed, invocations, withFault, withTwo, environments, durationMs, problems } = report;
  const { descriptors, memoryMiB, faults } = report;
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => `  ${problem}`);
  const more = problems.length - shown.length;
  return [
    markdownTable(COLUMNS, faults),
    '',
    `${invocations} invocations in ${(durationMs / 1000).toFixed(1)} s, ${withFault} with a fault, ${withTwo} with two; ${environments} environments`,
    `bootstrap: descriptors ${descriptors.least} to ${descriptors.most}, at last ${descriptors.last}; memory ${memoryMiB.early.toFixed(1)} MiB early, ${memoryMiB.late.toFixed(1)} MiB late`,
    `seed ${seed}`,
    problems.length === 0 ? 'each invocation was answered once, and right' : `${problems.length} problems`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    '',
  ].join('\n');
}

function rowsOf(outcomes: readonly Outcome[]): Row[] {
  const byFault = new Map<string, { right: number; count: number; recoveriesMs: number[] }>();
  for (const [index, { invocation, result, problem }] of outcomes.entries()) {
    const next = outcomes[index + 1];
    // The next answer tells of one fault alone.
    const isClean = next?.invocation.faults.length === 0 && invocation.faults.length <= 1;
    for (const name of invocation.faults.length === 0 ? ['none'] : invocation.faults.map((one) => one.name)) {
      const row = byFault.get(name) ?? { right: 0, count: 0, recoveriesMs: [] };
      byFault.set(name, row);
      row.count += 1;
      if (problem === undefined) row.right += 1;
      if (next !== undefined && isClean) row.recoveriesMs.push(next.result.answeredMs - result.deliveredMs);
    }
  }
  return [...byFault]
    .map(([fault, { recoveriesMs, ...counts }]) => {
      const sorted = recoveriesMs.sort((a, b) => a - b);
      return {
        fault,
        ...counts,
        recoveryP50Ms: quantile(sorted, 0.5),
        recoveryP99Ms: quantile(sorted, 0.99),
      };
    })
    .sort((a, b) => (a.fault < b.fault ? -1 : 1));
}

function memoryMiB(looks: ChaosRun['usage']): number {
  const sorted = looks.map(({ memoryBytes }) => memoryBytes).sort((a, b) => a - b);
  return (quantile(sorted, 0.5) ?? 0) / 2 ** 20;
}

function inMs(ms: number | undefined): string {
  return ms === undefined ? '' : `${ms.toFixed(1)} ms`;
}
