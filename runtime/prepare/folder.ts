import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PilotlightError } from '../errors.ts';
import { readProcessStat } from '../process-stat.ts';

/** The bootstrap's own folder, with private modes. */
export interface Folder {
  readonly root: string;
  /** What the worker loads: the overlay. */
  readonly functionFolder: string;
  readonly cacheFolder: string;
  /** Path of a worker's socket, below the 108 bytes that Linux allows. */
  socketPath(worker: number): string;
  remove(): void;
}

/** `sun_path` of unix(7) holds 108 bytes, the last of them NUL. */
const MAX_SOCKET_PATH_BYTES = 107;
/** Where sockets lie when the folder's own path is too long for them. */
const SHORT_RUN_PREFIX = '/tmp/pilotlight-run-';
const SHORT_RUN = /^\/tmp\/pilotlight-run-\w+$/;
/** More live neighbours than this in one folder is a mistake of somebody's. */
const MAX_NEIGHBOURS = 64;

/**
 * Makes `pilotlight/` with `function/`, `run/` and `cache/`. What a dead bootstrap left is removed; a live
 * neighbour's folder (several environments under one `/tmp`, as tests and developers have it) is left alone and
 * another name taken.
 *
 * @param tmpFolder where to make it
 * @throws {PilotlightError} `PREPARE_FAILED` when the folder is full or cannot be written
 */
export function prepareFolder(tmpFolder: string): Folder {
  try {
    return makeFolder(takeName(tmpFolder));
  } catch (error) {
    if (error instanceof PilotlightError) throw error;
    throw new PilotlightError(
      'PREPARE_FAILED',
      `Cannot prepare "${tmpFolder}": ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function takeName(tmpFolder: string): string {
  for (let number = 1; number <= MAX_NEIGHBOURS; number++) {
    const root = join(tmpFolder, number === 1 ? 'pilotlight' : `pilotlight-${number}`);
    if (isTaken(root)) continue;
    try {
      mkdirSync(root, { mode: 0o700 });
    } catch (error) {
      // Another bootstrap was faster.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    writeFileSync(join(root, 'owner'), `${process.pid} ${startTime(process.pid)}`, { mode: 0o600 });
    return root;
  }
  throw new PilotlightError(
    'PREPARE_FAILED',
    `Cannot prepare "${tmpFolder}": found ${MAX_NEIGHBOURS} folders of live bootstraps in it`,
  );
}

/** Whether a name cannot be had; the folder of a dead bootstrap is removed on the way. */
function isTaken(root: string): boolean {
  const entry = lstatSync(root, { throwIfNoEntry: false });
  if (entry === undefined) return false;
  // A file, a link or somebody else's folder is not ours to judge or to remove.
  if (!entry.isDirectory() || entry.uid !== process.getuid?.()) return true;
  let owner: string;
  try {
    owner = readFileSync(join(root, 'owner'), 'utf8');
  } catch {
    // Made this moment by a neighbour, or by one that died before it signed: age tells.
    return Date.now() - entry.mtimeMs < 10_000;
  }
  const [pid, started] = owner.split(' ');
  if (started !== undefined && startTime(Number(pid)) === started) return true;
  removeDead(root);
  return false;
}

function removeDead(root: string): void {
  // Whoever renames it first removes it: two bootstraps that start at once would else delete under each other.
  const doomed = `${root}.dead-${process.pid}`;
  try {
    renameSync(root, doomed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  removeFolder(doomed);
}

function removeFolder(root: string): void {
  const run = join(root, 'run');
  if (lstatSync(run, { throwIfNoEntry: false })?.isSymbolicLink()) {
    const target = readlinkSync(run);
    // A function may have put a link there that leads elsewhere.
    if (SHORT_RUN.test(target)) rmSync(target, { recursive: true, force: true });
  }
  rmSync(root, { recursive: true, force: true });
  // What `bootstrap.sh` left: it is not to doubt the interpreter next time.
  rmSync(`${root}.started`, { force: true });
}

function makeFolder(root: string): Folder {
  const functionFolder = join(root, 'function');
  const cacheFolder = join(root, 'cache');
  mkdirSync(functionFolder, { mode: 0o700 });
  mkdirSync(cacheFolder, { mode: 0o700 });
  let run = join(root, 'run');
  if (Buffer.byteLength(join(run, 'w999999.sock')) > MAX_SOCKET_PATH_BYTES) {
    const short = mkdtempSync(SHORT_RUN_PREFIX);
    symlinkSync(short, run);
    run = short;
  } else {
    mkdirSync(run, { mode: 0o700 });
  }
  return {
    root,
    functionFolder,
    cacheFolder,
    socketPath: (worker) => join(run, `w${worker}.sock`),
    remove: () => removeFolder(root),
  };
}

/** With its id it names one process for ever. */
function startTime(pid: number): string | undefined {
  return readProcessStat(pid)?.startTicks.toString();
}
