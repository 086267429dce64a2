import { type Finding, INVALID_ENTRYPOINT } from '../finding.ts';
import { type PartSet, placedFiles } from '../part-set.ts';

const READABLE_BY_ALL = 0o004;
const EXECUTABLE_BY_ALL = 0o001;

/** Files that the unprivileged user of a function could not read or execute. */
export async function* checkModes(set: PartSet): AsyncGenerator<Finding> {
  const binaries = new Set(set.manifests.map(({ part, binary }) => part.files.get(binary)));
  for (const { part, file, path } of placedFiles(set)) {
    if (file.linkTarget !== undefined) continue;
    const at = { part: part.name, file: file.path, severity: 'error' } as const;
    const mode = file.mode.toString(8).padStart(4, '0');
    if ((file.mode & READABLE_BY_ALL) === 0) {
      yield {
        ...at,
        code: 'not-readable',
        what: `has mode ${mode}, expected one that everybody can read`,
        onLambda: `${path}: Permission denied; functions run as a user without rights`,
        next: 'chmod a+r, then pack it again',
      };
    }
    if ((file.mode & EXECUTABLE_BY_ALL) !== 0) continue;
    const pack = { next: 'chmod 755, then pack it again; zips made on Windows lose this' };
    if (file.path === 'bootstrap') {
      yield {
        ...at,
        ...pack,
        code: 'bootstrap-not-executable',
        what: `has mode ${mode}, expected 0755`,
        onLambda: INVALID_ENTRYPOINT,
      };
    } else if (part.kind !== 'function' && /^extensions\/[^/]+$/.test(file.path)) {
      yield {
        ...at,
        ...pack,
        code: 'extension-not-executable',
        what: `has mode ${mode}, expected 0755`,
        onLambda: `Extension.LaunchError: fork/exec ${path}: permission denied`,
      };
    } else if (binaries.has(file)) {
      yield {
        ...at,
        ...pack,
        code: 'interpreter-not-executable',
        what: `has mode ${mode}, expected 0755`,
        onLambda: 'Runtime.InterpreterUnusable at init',
      };
    }
  }
}
