import type { CaseResult, Judgement } from '../result.ts';

const SIGNS = { pass: 'pass', fail: 'FAIL', 'not supported': '-' } as const;
const SHOWN_REASON = 100;

/**
 * Writes a judgement for a terminal: a line a case, what was seen of each failure, and the sum.
 *
 * @param judgement of one bootstrap
 */
export function writeTable({ subject, results }: Judgement): string {
  const width = Math.max(0, ...results.map(({ name }) => name.length));
  const lines: string[] = [];
  for (const [group, cases] of Map.groupBy(results, (result) => result.group)) {
    lines.push(group);
    for (const { name, verdict, clause, reason } of cases) {
      const note = verdict === 'pass' ? clause : firstLine(reason ?? '');
      lines.push(`  ${SIGNS[verdict]}  ${name.padEnd(width)}  ${note}`.replace('  -  ', '  -     '));
    }
  }
  const failures = results.filter(({ verdict }) => verdict === 'fail').map(writeFailure);
  return `${[...lines, ...failures, '', writeSum(subject, results)].join('\n')}\n`;
}

/**
 * The sum in a line.
 *
 * @param subject the bootstrap
 * @param results of its cases
 */
export function writeSum(subject: string, results: readonly CaseResult[]): string {
  const count = (verdict: CaseResult['verdict']) => results.filter((each) => each.verdict === verdict).length;
  return `${subject}: ${count('pass')} pass, ${count('fail')} fail, ${count('not supported')} not supported`;
}

function writeFailure(result: CaseResult): string {
  return [
    '',
    `${result.name}`,
    `  clause    ${result.clause}`,
    `  source    ${result.source}`,
    ...(result.proof === undefined ? [] : [`  proof     ${result.proof}`]),
    `  does      ${result.does}`,
    `  expects   ${result.expects}`,
    `  got       ${indent(result.reason ?? '')}`,
    `  observed  ${indent(result.observed ?? '')}`,
  ].join('\n');
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n            ');
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > SHOWN_REASON ? `${line.slice(0, SHOWN_REASON)}…` : line;
}
