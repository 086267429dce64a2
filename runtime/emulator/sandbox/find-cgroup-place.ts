import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { intoCgroup } from './into-cgroup.ts';
import { launch, TOOL_VARIABLES } from './launch.ts';
import { type CgroupPlace, MemoryCgroup, removeLeftCgroups } from './memory-cgroup.ts';

/** Of `statfs(2)`: a file system in memory. */
const TMPFS_TYPE = 0x01021994;
const PROBE_BYTES = 64 * 2 ** 20;

/** Where cgroups for environments can be made, or why nowhere. */
export type CgroupSearch =
  | { readonly place: CgroupPlace; readonly problem?: undefined }
  | { readonly place?: undefined; readonly problem: string };

/**
 * Finds out whether the kernel can hold environments to their memory, by trying it: neither rights nor the presence of
 * files tell whether a process may move. What killed runs left there is removed.
 *
 * @param workFolder folder of what functions write to `/tmp`
 */
export async function findCgroupPlace(workFolder: string): Promise<CgroupSearch> {
  if ((await statfs(workFolder)).type === TMPFS_TYPE) {
    // On Lambda files are on a disk; here they would count as the function's memory.
    return { problem: `a cgroup could not tell the files in "${workFolder}" from a function's memory` };
  }
  const [mounts, own] = await Promise.all(
    ['mountinfo', 'cgroup'].map((name) => readFile(`/proc/self/${name}`, 'utf8').catch(() => '')),
  );
  const problems: string[] = [];
  for (const place of cgroupPlaces(mounts ?? '', own ?? '')) {
    const problem = await probe(place).catch((error: Error) => error.message);
    if (problem === undefined) return { place };
    problems.push(problem);
  }
  return { problem: problems.join(', ') || 'memory cgroups are not mounted' };
}

/**
 * Tells where this process might make memory cgroups. Version 2 lets none have both processes and parts with limits, so
 * it is most likely beside our own, as in the session of a user under systemd.
 *
 * @param mounts `/proc/self/mountinfo`
 * @param own `/proc/self/cgroup`
 * @returns the best place first
 */
export function cgroupPlaces(mounts: string, own: string): readonly CgroupPlace[] {
  const places: CgroupPlace[] = [];
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', mountPoint = ''] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (type === 'cgroup' && options.split(',').includes('memory')) {
      const inside = pathIn(root, /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(own)?.[1]);
      if (inside !== undefined) places.push({ version: 1, folder: join(mountPoint, inside) });
    }
    if (type === 'cgroup2') {
      const inside = pathIn(root, /^0::(.*)$/m.exec(own)?.[1]);
      if (inside === undefined) continue;
      places.push({ version: 2, folder: join(mountPoint, inside) });
      if (inside !== '/') places.push({ version: 2, folder: dirname(join(mountPoint, inside)) });
    }
  }
  return places;
}

/** A cgroup's path below a mount that shows the hierarchy from `root` on. */
function pathIn(root: string, path: string | undefined): string | undefined {
  if (path === undefined || path.startsWith('/..')) return undefined;
  if (root === '/') return path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) || '/' : undefined;
}

/** Runs `/bin/true` in a cgroup; the result is why that did not work. */
async function probe(place: CgroupPlace): Promise<string | undefined> {
  await removeLeftCgroups(place.folder);
  const cgroup = await MemoryCgroup.make(place, PROBE_BYTES);
  try {
    const program = { file: '/bin/true', args: [], variables: TOOL_VARIABLES, cwd: '/', hasStatus: false };
    const { ended, stdout, stderr } = launch(intoCgroup(program, cgroup.entryFile));
    for (const output of [stdout, stderr]) output.resume();
    const { exitCode } = await ended;
    return exitCode === 0 ? undefined : `no process may move to "${place.folder}"`;
  } finally {
    await cgroup.remove();
  }
}
