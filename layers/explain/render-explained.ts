import type { DeployedPart } from './explain-deployed.ts';
import type { Explained } from './explain-set.ts';

const DIGEST_LENGTH = 12;

/**
 * What an environment is made of, for people.
 *
 * @param explained parts and files
 */
export function renderExplained({ name, parts, files }: Explained): string {
  const rows = parts.map((part) => [part.name, `${part.files} files`, size(part.bytes), part.contentsSha256]);
  const lines = files.map(({ path, part, bytes, hides }) => [
    path,
    part,
    size(bytes),
    hides.length === 0 ? '' : `hides that of ${hides.join(', ')}`,
  ]);
  return `${name}\n${columns(rows)}\n${columns(lines)}`;
}

/**
 * What a deployed function is made of, for people.
 *
 * @param parts its layers, and the function last
 */
export function renderDeployed(parts: readonly DeployedPart[]): string {
  return columns(
    parts.map(({ arn, description, bytes, codeSha256 }) => [
      arn,
      size(bytes),
      codeSha256.slice(0, DIGEST_LENGTH),
      description,
    ]),
  );
}

/** Columns aligned to the left, two spaces between them. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
