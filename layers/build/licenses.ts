import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseManifest } from './parse-manifest.ts';

const MODULES = `${sep}node_modules${sep}`;

/**
 * Collects the licenses of the packages that went into bundles.
 *
 * @param moduleIds paths of the bundled files
 * @returns one text, the packages sorted by name
 */
export async function licensesText(moduleIds: Iterable<string>): Promise<string> {
  const folders = new Set([...moduleIds].flatMap((id) => packageFolder(id) ?? []));
  const texts = await Promise.all([...folders].map(licenseOf));
  return texts.toSorted().join('\n');
}

/**
 * The npm package that a file belongs to.
 *
 * @param id path of the file
 * @returns the package's folder, or `undefined` for a file outside `node_modules`
 */
export function packageFolder(id: string): string | undefined {
  const start = id.lastIndexOf(MODULES);
  if (start === -1) return undefined;
  const parts = id.slice(start + MODULES.length).split(sep);
  const name = parts.slice(0, parts[0]?.startsWith('@') ? 2 : 1);
  return join(id.slice(0, start), 'node_modules', ...name);
}

async function licenseOf(folder: string): Promise<string> {
  const path = join(folder, 'package.json');
  const { name, version, license } = parseManifest(await readFile(path, 'utf8'), path);
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
