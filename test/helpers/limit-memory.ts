import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** The two versions of control groups: how the memory's is found, and the file that limits it. */
const VERSIONS = [
  { pattern: /^\d+:memory:(.+)$/m, root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
  { pattern: /^0::(.+)$/m, root: '/sys/fs/cgroup', file: 'memory.max' },
];

/** Whether a process's memory can be limited here: no setup could give what a machine forbids. */
export function canLimitMemory(): boolean {
  const limit = makeLimit();
  if (limit !== undefined) rmdirSync(limit.folder);
  return limit !== undefined;
}

/** A group of processes with a limit. */
export interface MemoryLimit {
  /** A process that writes its id to this file is in the group, with all that it starts. */
  readonly members: string;
  /** Waits until they have ended. */
  remove(): Promise<void>;
}

/**
 * Makes a group whose processes the kernel kills when they take more memory together than that.
 *
 * @param bytes the limit
 */
export function limitMemory(bytes: number): MemoryLimit {
  const limit = makeLimit();
  if (limit === undefined) throw new Error('Cannot limit memory: no control group can be made');
  const { folder, file } = limit;
  writeFileSync(join(folder, file), String(bytes));
  const members = join(folder, 'cgroup.procs');
  return {
    members,
    async remove() {
      while (readFileSync(members, 'latin1') !== '') await delay(2);
      rmdirSync(folder);
    },
  };
}

function makeLimit(): { readonly folder: string; readonly file: string } | undefined {
  const groups = readFileSync('/proc/self/cgroup', 'utf8');
  for (const { pattern, root, file } of VERSIONS) {
    const [, path] = pattern.exec(groups) ?? [];
    if (path === undefined) continue;
    const folder = join(root, path, `pilotlight-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    if (existsSync(join(folder, file))) return { folder, file };
    rmdirSync(folder);
  }
  return undefined;
}
