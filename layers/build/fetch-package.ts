import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/**
 * Has a program fetch a package into a folder, unless the folder is there. It is filled aside and moved: a program that
 * is interrupted leaves nothing that looks complete, and two at once do not collide.
 *
 * @param home the package's folder; its name says which version it holds
 * @param options `what` is fetched, `fill` fetches it into an empty folder, `next` says what to do when that fails, a
 * `signal` that stopped it, and `note` for progress
 * @returns `home`
 * @throws {ToolError} `CANNOT` when it fails, with the end of what the program said
 */
export async function fetchPackage(
  home: string,
  options: {
    what: string;
    fill: (folder: string) => Promise<void>;
    next: string;
    signal: AbortSignal;
    note: (line: string) => void;
  },
): Promise<string> {
  if (existsSync(home)) return home;
  options.note(`fetching ${options.what}, which is not there`);
  let staging: string | undefined;
  try {
    await mkdir(dirname(home), { recursive: true });
    staging = await mkdtemp(join(dirname(home), '.staging-'));
    await options.fill(staging);
    await rename(staging, home);
  } catch (error) {
    options.signal.throwIfAborted();
    if (existsSync(home)) return home;
    const { next } = options;
    throw new ToolError('CANNOT', `Cannot fetch ${options.what}: ${reasonOf(error)}`, { next, cause: error });
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
  }
  return home;
}

/** What execa throws, or any other error. */
interface Failure {
  readonly all?: string;
  readonly code?: string;
  readonly command?: string;
  readonly message: string;
}

/**
 * Why a program failed: the end of what it said, where it said something.
 *
 * @param error what execa threw, with `all`
 */
export function reasonOf(error: unknown): string {
  const { all, code, command, message } = error as Failure;
  if (code === 'ENOENT' && command !== undefined) return `"${command.split(' ')[0]}" is not there`;
  return all === undefined || all === '' ? message : all.trim().split('\n').slice(-5).join('\n');
}
