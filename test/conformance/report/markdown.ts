import type { CaseResult, Judgement } from '../result.ts';

/**
 * Writes what several bootstraps came to as a table in Markdown: a row a group, and the cases that failed with what
 * proves each bootstrap wrong.
 *
 * @param judgements of the same cases
 */
export function writeMarkdown(judgements: readonly Judgement[]): string {
  const [first] = judgements;
  if (first === undefined) return '';
  const groups = [...new Set(first.results.map(({ group }) => group))];
  const rows = groups.map((group) => [
    group,
    ...judgements.map(({ results }) => score(results.filter((each) => each.group === group))),
  ]);
  const lines = [
    row(['passed of supported cases', ...judgements.map(({ subject }) => subject)]),
    row(['---', ...judgements.map(() => '---:')]),
    ...rows.map(row),
    row(['all', ...judgements.map(({ results }) => score(results))]),
  ];
  const failures = first.results.flatMap((each, index) => {
    const failed = judgements.filter(({ results }) => results[index]?.verdict === 'fail');
    if (failed.length === 0) return [];
    return [
      row([
        `\`${each.name}\``,
        each.clause,
        failed.map(({ subject }) => subject).join(', '),
        each.proof ?? each.source,
      ]),
    ];
  });
  if (failures.length > 0) {
    lines.push(
      '',
      row(['case', 'clause', 'failed by', 'source']),
      row(['---', '---', '---', '---']),
      ...failures,
    );
  }
  return `${lines.join('\n')}\n`;
}

function score(results: readonly CaseResult[]): string {
  const supported = results.filter(({ verdict }) => verdict !== 'not supported');
  if (supported.length === 0) return '-';
  return `${supported.filter(({ verdict }) => verdict === 'pass').length}/${supported.length}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
