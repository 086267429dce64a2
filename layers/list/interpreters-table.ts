import { MAX_UNPACKED_BYTES } from '../../runtime/emulator/sandbox/compose-parts.ts';
import { ARCHES } from '../build/interpreter-source.ts';
import { MAX_DIRECT_ZIP_BYTES } from '../check/rules/sizes.ts';
import { size, table } from '../table.ts';
import type { Combination, InterpreterRow } from './list-interpreters.ts';

/**
 * The interpreters as a table, and below it, for each architecture, what is left for the function beside one or two.
 *
 * @param rows the interpreters
 * @param combinations what fits with what
 */
export function interpretersTable(
  rows: readonly InterpreterRow[],
  combinations: readonly Combination[],
): string {
  const limit = megabytes(MAX_DIRECT_ZIP_BYTES);
  const listed = table([
    ['name', 'version', 'arch', 'glibc', 'runs on', 'zip', `of ${limit} MB`, 'unpacked'],
    ...rows.map((row) => [
      ...[row.name, row.version, row.arch, row.glibc, row.runsOn.join(' ') || 'neither'],
      row.bytes === null ? 'not built' : size(row.bytes),
      row.bytes === null ? '' : `${((100 * row.bytes) / MAX_DIRECT_ZIP_BYTES).toFixed(1)} %`,
      row.unpackedBytes === null ? '?' : `${row.isEstimate ? '~' : ''}${size(row.unpackedBytes)}`,
    ]),
  ]);
  const dependent = new Set(rows.filter((row) => !row.runsBootstrap).map(({ name }) => name));
  const note =
    dependent.size === 0
      ? ''
      : `${[...dependent].join(', ')}: needs node, bun or deno beside it, for the bootstrap\n`;
  return `${listed}${note}\nMB of ${megabytes(MAX_UNPACKED_BYTES)} left for the function beside the runtime layer and one interpreter, or two\n${matrices(rows, combinations)}`;
}

function matrices(rows: readonly InterpreterRow[], combinations: readonly Combination[]): string {
  const names = [...new Set(rows.map(({ name }) => name))];
  return ARCHES.map((arch) => {
    const left = (a: string, b: string) =>
      combinations.find((one) => one.arch === arch && one.names[0] === a && (one.names[1] ?? a) === b);
    return table([
      [arch, ...names],
      ...names.map((name, index) => [
        name,
        ...names.map((other, column) => (column > index ? '' : leftCell(left(other, name)))),
      ]),
    ]);
  }).join('');
}

function leftCell(combination: Combination | undefined): string {
  const left = combination?.leftBytes;
  if (left === undefined || left === null) return '?';
  return left < 0 ? 'no' : megabytes(left);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
