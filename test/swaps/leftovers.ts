import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findCgroupPlace } from '../../runtime/emulator/sandbox/find-cgroup-place.ts';
import { lookAtProcess, residentBytes } from '../../runtime/emulator/sandbox/process-look.ts';
import type { DevProcess } from './dev-process.ts';

const LOOK_MS = 50;
const SETTLE_LIMIT_MS = 10_000;
/** Those that make a sandbox stay as they are when what is in it is stopped. */
const SANDBOX = 'bwrap';

/** What `dev` has of the machine. */
export interface Holdings {
  readonly environments: number;
  /** All that run in environments, and what keeps those apart. */
  readonly processes: number;
  /** Processes of environments that are not stopped though nobody calls. */
  readonly awake: number;
  readonly cgroups: number;
  /** Folders of unpacked code, and of `/tmp`s. */
  readonly folders: number;
  /** Of the local Lambda itself. */
  readonly residentMiB: number;
}

/**
 * Counts what `dev` has, once it has stopped what is idle and removed what is over.
 *
 * @param dev the command
 * @param isSettled whether the count can stay as it is; it is taken again for a while otherwise
 */
export async function settledHoldings(
  dev: DevProcess,
  isSettled: (holdings: Holdings) => boolean,
): Promise<Holdings> {
  const limitMs = performance.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const holdings = await holdingsOf(dev);
    if (isSettled(holdings) || performance.now() > limitMs) return holdings;
    await setTimeout(LOOK_MS);
  }
}

async function holdingsOf(dev: DevProcess): Promise<Holdings> {
  const folder = await dev.workFolder();
  const [command, lambda = command ?? 0, ...inEnvironments] = dev.processes();
  const { place } = await findCgroupPlace(folder);
  const cgroups = place === undefined ? [] : await readdir(place.folder);
  const [code, tmp] = await Promise.all(['code', 'tmp'].map((name) => readdir(join(folder, name))));
  const awake = inEnvironments.filter((pid) => lookAtProcess(pid)?.activity === 'running').map(nameOf);
  return {
    environments: inEnvironments.filter((pid) => lookAtProcess(pid)?.parentPid === lambda).length,
    processes: inEnvironments.length,
    awake: (await Promise.all(awake)).filter((name) => name !== SANDBOX).length,
    cgroups: cgroups.filter((name) => name.startsWith(`pilotlight-${lambda}-`)).length,
    folders: (code?.length ?? 0) + (tmp?.length ?? 0),
    residentMiB: residentBytes([lambda]) / 2 ** 20,
  };
}

/**
 * What `dev` has left on the machine after its end.
 *
 * @param pids its processes before the end
 * @param folders names of its work folders before the end
 * @param tmp the folder that they were in
 */
export async function leftBehind(
  pids: readonly number[],
  folders: readonly string[],
  tmp: string,
): Promise<readonly string[]> {
  const { place } = await findCgroupPlace(tmp);
  const cgroups = place === undefined ? [] : await readdir(place.folder);
  const there = await readdir(tmp);
  return [
    ...pids.filter((pid) => lookAtProcess(pid) !== undefined).map((pid) => `process ${pid}`),
    ...folders.filter((name) => there.includes(name)).map((name) => `folder ${name}`),
    ...cgroups
      .filter((name) => pids.some((pid) => name.startsWith(`pilotlight-${pid}-`)))
      .map((name) => `cgroup ${name}`),
  ];
}

/**
 * The digest of both layers as environments see them, paths and bytes.
 *
 * @param dev the command
 * @returns SHA-256 in hexadecimal
 */
export async function layersDigest(dev: DevProcess): Promise<string> {
  const folder = join(await dev.workFolder(), 'opt');
  const hash = createHash('sha256');
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) {
    hash.update(`${file.slice(folder.length)}\n`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

async function nameOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => SANDBOX)).trim();
}
