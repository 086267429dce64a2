import { chmod, mkdir, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProcesses } from '../process-stat.ts';
import { lookAtProcess } from './sandbox/process-look.ts';
import { readProcess, signalProcess } from './sandbox/process-table.ts';

const NAME = /^pilotlight-(\d+)-([0-9a-z]+)-[A-Za-z0-9]{6}$/;
/**
 * The bootstrap's sockets lie below an environment's `/tmp`, and Linux cuts socket paths at 107 bytes. What it adds is
 * at most 40 bytes long, this folder's own name and what is in it at most 45.
 */
const MAX_BASE_LENGTH = 20;

/** The folder of one run, for everything that is unpacked or written by functions. */
export interface WorkFolder {
  readonly path: string;
  /** Makes a folder in it and returns its path. */
  make(name: string): Promise<string>;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/**
 * Makes the work folder of this run, and removes those that killed earlier runs left behind. A folder's name carries
 * its owner's process id and start time, so it is known from its first moment whose it is.
 *
 * @param base folder that holds it; the system's for temporary files, unless that one's path is too long for sockets
 */
export async function makeWorkFolder(base = shortTmpdir()): Promise<WorkFolder> {
  await removeLeftovers(base);
  const path = await mkdtemp(join(base, `pilotlight-${process.pid}-${await startTime(process.pid)}-`));
  return {
    path,
    async make(name) {
      const folder = join(path, name);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    remove: () => removeFolder(path),
  };
}

async function removeLeftovers(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const match = NAME.exec(name);
    if (match === null) continue;
    if ((await startTime(Number(match[1]))) === match[2]) continue;
    const path = join(base, name);
    const owner = await stat(path).catch(() => undefined);
    if (owner?.uid !== process.getuid?.()) continue;
    await endFrozen(path);
    // One that cannot be removed is a nuisance, not a reason to refuse this run.
    await removeFolder(path).catch(() => {});
  }
}

/**
 * Kills what the owner had stopped in the moment it was killed. What ran ended by itself, and what else is in there,
 * such as somebody's shell, is left alone.
 */
async function endFrozen(folder: string): Promise<void> {
  for (const { pid } of readProcesses()) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (!cwd.startsWith(`${folder}/`)) continue;
    const look = lookAtProcess(pid);
    if (look?.activity === 'stopped') await signalProcess(look, 'SIGKILL');
  }
}

async function removeFolder(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await makeWritable(path);
    await remove();
  }
}

/** Functions leave folders behind that not even their owner may change, caches of package managers for example. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

/** When a process started, as part of a name; undefined when it has ended. */
async function startTime(pid: number): Promise<string | undefined> {
  return (await readProcess(pid))?.startTicks.toString(36);
}

function shortTmpdir(): string {
  const folder = tmpdir();
  return folder.length <= MAX_BASE_LENGTH ? folder : '/tmp';
}
