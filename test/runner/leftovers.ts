import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';

/** A process that outlived the tests. */
export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Finds the processes that came from a run of the tests: its folder shows in their arguments, variables, working
 * folder or mounts. A process group or session would not do, because the processes under test leave theirs.
 *
 * @param folder the run's folder; its last name must be unique on the machine
 * @returns running processes of this user, without the caller
 */
export function findProcesses(folder: string): LeftProcess[] {
  const mark = basename(folder);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => [...tracesOf(pid)].some((trace) => trace.includes(mark)))
    .map((pid) => ({ pid: Number(pid), command: commandOf(pid) }));
}

/**
 * Finds what one program of ours left in a folder for temporary files that it shares with others.
 *
 * @param folder the folder
 * @param before names that were there before the tests ran
 * @returns names that came since, without those of a live process of another run
 */
export function findEntries(folder: string, before: ReadonlySet<string>): string[] {
  return listOurs(folder).filter((name) => !before.has(name) && !hasLiveOwner(name));
}

/**
 * Names of our programs' temporary files and folders.
 *
 * @param folder the folder that is searched, not what is below it
 */
export function listOurs(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('pilotlight'));
}

/** The local Lambda's folders are called after the process that they belong to. */
function hasLiveOwner(name: string): boolean {
  const pid = /^pilotlight-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && commandOf(pid) !== '';
}

function* tracesOf(pid: string): Generator<string> {
  for (const file of ['cmdline', 'environ', 'mountinfo'])
    yield read(() => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
  yield read(() => readlinkSync(`/proc/${pid}/cwd`));
}

function commandOf(pid: string): string {
  return read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    .replaceAll('\0', ' ')
    .trim();
}

/** Other users' processes cannot be read, and any may end while it is looked at. */
function read(from: () => string): string {
  try {
    return from();
  } catch {
    return '';
  }
}
