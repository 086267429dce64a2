import { size, table } from '../table.ts';
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
  return `${name}\n${indented(rows)}\n${indented(lines)}`;
}

/**
 * What a deployed function is made of, for people.
 *
 * @param parts its layers, and the function last
 */
export function renderDeployed(parts: readonly DeployedPart[]): string {
  return indented(
    parts.map(({ arn, description, bytes, codeSha256 }) => [
      arn,
      size(bytes),
      codeSha256.slice(0, DIGEST_LENGTH),
      description,
    ]),
  );
}

function indented(rows: readonly (readonly string[])[]): string {
  return table(rows).replaceAll(/^(?=.)/gm, '  ');
}
