import { ToolError } from './tool-error.ts';

const IN_THE_WAY = 'name another path, or move away what is there';
const NOT_ALLOWED = 'give this user the right to it, or name another path';

/** What to do about what the system says, by its codes. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'make the folder it is in, or name a path that is there',
  EEXIST: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: NOT_ALLOWED,
  ENOSPC: 'free some space on the disk',
  EDQUOT: 'free some space on the disk',
  EMFILE: 'raise the limit of open files: ulimit -n',
};

/**
 * Says what the system refused, such as a file that cannot be written.
 *
 * @param error anything that was thrown
 * @returns an error of a verb; undefined for what no system call failed with, a bug
 */
export function systemFailure(error: unknown): ToolError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === undefined || typeof errno !== 'number') return undefined;
  return new ToolError('CANNOT', `Cannot go on: ${message}`, {
    next: REMEDIES[code] ?? 'run it again with --verbose, which shows where it failed',
    cause: error,
  });
}
