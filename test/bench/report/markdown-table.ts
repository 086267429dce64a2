/** A column of a table: its title and what it shows of a row; a column without any value is left out. */
export interface Column<Row> {
  readonly title: string;
  /** Words stand left, figures right. */
  readonly align: 'left' | 'right';
  /** Empty when the row has no such value. */
  cell(row: Row): string;
}

/**
 * Writes a table that is aligned in a terminal and is Markdown too.
 *
 * @returns lines without an end of line after the last; empty when there is no row
 */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const filled = columns
    .map(({ title, align, cell }) => ({ title, align, cells: rows.map((row) => cell(row)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map(({ title, align, cells }) => {
      const width = Math.max(title.length, 4, ...cells.map(({ length }) => length));
      const fit = (text: string) => (align === 'right' ? text.padStart(width) : text.padEnd(width));
      const rule = align === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
      return [fit(title), rule, ...cells.map(fit)];
    });
  const lineCount = rows.length + 2;
  return Array.from(
    { length: lineCount },
    (_, line) => `| ${filled.map((column) => column[line]).join(' | ')} |`,
  ).join('\n');
}
