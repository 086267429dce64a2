import { type Finding, INVALID_ENTRYPOINT } from '../finding.ts';
import { IMAGE_ENV, IMAGE_SHELLS } from '../image.ts';
import { type PartSet, type PlacedFile, placedFiles } from '../part-set.ts';

/** The kernel reads no more of a script to find its interpreter. */
const FIRST_LINE_BYTES = 256;
const ELF_MAGIC = '\x7fELF';

/** Scripts whose first line cannot be followed, and bootstraps and extensions that are no programs. */
export async function* checkScripts(set: PartSet): AsyncGenerator<Finding> {
  const files = placedFiles(set);
  for (const placed of files) {
    const { part, file, path } = placed;
    if (file.linkTarget !== undefined) continue;
    const isStarted = file.path === 'bootstrap' || /^extensions\/[^/]+$/.test(file.path);
    if (!isStarted && (file.mode & 0o111) === 0) continue;
    const head = (await file.head(FIRST_LINE_BYTES)).toString('latin1');
    const at = { part: part.name, file: file.path, severity: 'error' } as const;
    const onLambda = file.path === 'bootstrap' ? INVALID_ENTRYPOINT : `${path}: No such file or directory`;
    if (!head.startsWith('#!')) {
      if (!isStarted || head.startsWith(ELF_MAGIC)) continue;
      yield {
        ...at,
        code: 'not-a-program',
        what: 'is neither a program nor a script that begins with "#!"',
        onLambda: file.path === 'bootstrap' ? INVALID_ENTRYPOINT : `${path}: exec format error`,
        next: 'let the very first bytes be "#!/bin/sh" or the like, without a byte order mark',
      };
      continue;
    }
    const [line = ''] = head.slice(2).split('\n');
    if (line.endsWith('\r')) {
      yield {
        ...at,
        code: 'carriage-return',
        what: 'ends its first line with a carriage return: the kernel looks for an interpreter of that name',
        onLambda,
        next: 'save it with the line ends of Unix (sed -i "s/\\r$//")',
      };
      continue;
    }
    const missing = missingInterpreter(line.trim(), files);
    if (missing === undefined) continue;
    yield {
      ...at,
      code: 'missing-script-interpreter',
      what: `is run by "${missing}", which is neither in ${set.image.runtime} nor in the set`,
      onLambda,
      next: `let its first line name an interpreter of a layer, such as ${interpreterHint(set)}`,
    };
  }
}

function missingInterpreter(line: string, files: readonly PlacedFile[]): string | undefined {
  const [program = '', ...args] = line.split(/\s+/);
  const isThere = (path: string) => IMAGE_SHELLS.has(path) || files.some((file) => file.path === path);
  if (!IMAGE_ENV.has(program)) return isThere(program) ? undefined : program;
  const name = args.find((arg) => !arg.startsWith('-') && !arg.includes('='));
  if (name === undefined) return undefined;
  // What Lambda's PATH has of the set.
  const places = ['/opt/bin', '/usr/bin', '/bin'].map((folder) => `${folder}/${name}`);
  return places.some(isThere) ? undefined : name;
}

function interpreterHint({ manifests }: PartSet): string {
  return `"#!/opt/${manifests[0]?.binary ?? 'bin/node'}"`;
}
