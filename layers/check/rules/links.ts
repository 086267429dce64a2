import { dirname, resolve } from 'node:path/posix';
import type { Finding } from '../finding.ts';
import { type PartSet, placedFiles } from '../part-set.ts';

/** Symbolic links that lead nowhere. */
export async function* checkLinks(set: PartSet): AsyncGenerator<Finding> {
  const files = placedFiles(set);
  const there = new Set(files.flatMap(({ path }) => withFolders(path)));
  for (const { part, file, path } of files) {
    const { linkTarget } = file;
    if (linkTarget === undefined) continue;
    const target = resolve(dirname(path), linkTarget);
    const isOurs = /^\/(?:opt|var\/task)\//.test(`${target}/`);
    if (isOurs ? there.has(target) : isOfImage(target)) continue;
    yield {
      part: part.name,
      file: file.path,
      code: isOurs ? 'dangling-link' : 'link-out-of-the-set',
      severity: 'error',
      what: `points to "${linkTarget}", which would be "${target}" and is not there`,
      onLambda: `${path}: No such file or directory`,
      next: 'pack the file itself, or a relative link to a file in the same part',
    };
  }
}

/** Folders of the system and of each environment; what they hold is not known here. */
function isOfImage(path: string): boolean {
  return /^\/(?:usr|lib|lib64|bin|sbin|etc|proc|dev|tmp|var\/(?:runtime|lang))(?:\/|$)/.test(path);
}

function withFolders(path: string): string[] {
  const paths = [path];
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) paths.push(folder);
  return paths;
}
