import type { Finding } from './finding.ts';
import type { Image } from './image.ts';
import type { PartSet } from './part-set.ts';

/** What nobody can see in the parts alone. */
export const UNSEEN: readonly string[] = [
  'libraries that a program opens by name while it runs (dlopen)',
  'instructions that the processors of Lambda may lack',
  'layers and settings of a function that is deployed already; its role and its rights',
  'the quota of the account for code, and of the region for concurrency',
  'how long the init takes where the files lie on a network',
];

/**
 * The report for people.
 *
 * @param findings errors first
 * @param sets what was looked at
 * @param image what it was checked for
 * @param unseen what could not be seen
 */
export function renderReport(
  findings: readonly Finding[],
  sets: readonly PartSet[],
  image: Image,
  unseen: readonly string[],
): string {
  const parts = new Set(sets.flatMap(({ layers, fn }) => (fn === undefined ? layers : [...layers, fn])));
  const files = [...parts].reduce((sum, part) => sum + part.files.size, 0);
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const summary = `${plural(sets.length, 'set')} of ${plural(parts.size, 'part')} with ${plural(files, 'file')} checked for ${image.runtime}: ${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  return `${findings.map(renderFinding).join('')}${summary}\nNot to be seen from here:\n${unseen.map((line) => `  - ${line}\n`).join('')}`;
}

function renderFinding({ code, severity, part, file, what, onLambda, next }: Finding): string {
  const place = file === undefined ? part : `${part}: ${file}`;
  return `${severity.padEnd(7)}  ${place}  (${code})
         ${what}
         Lambda  ${onLambda}
         next    ${next}

`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
