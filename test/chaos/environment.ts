import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lookAtTree } from '../../runtime/emulator/sandbox/process-look.ts';
import { readProcess } from '../../runtime/emulator/sandbox/process-table.ts';
import { readResidentMemory } from '../../runtime/supervisor/memory.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';
import type { Cleaner } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

/** A process that was killed last may still be on its way out. */
const ENDING_MS = 1_000;
const LOOK_MS = 20;

/** What a bootstrap holds. */
export interface Usage {
  readonly descriptors: number;
  readonly memoryBytes: number;
  /** Of its worker and all else below it. */
  readonly workerBytes: number;
  /** Files and folders in `/tmp`. */
  readonly files: number;
  /** Itself, its worker, and whatever else is below it. */
  readonly processes: number;
}

/** What is known of an environment when it has ended. */
export interface EnvironmentEnd {
  readonly exit: number | NodeJS.Signals;
  /** Request ids in the order in which handlers began. */
  readonly ran: readonly string[];
  /** Commands of processes that outlived it. */
  readonly orphans: readonly string[];
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** The real bootstrap, with its worker. */
export interface Environment {
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Stops all processes and resolves; they go on after a pause in milliseconds. */
  freeze(pauseMs: number): Promise<void>;
  /** Kills what the bootstrap has started. */
  killWorker(): Promise<void>;
  usage(): Promise<Usage>;
  /** Ends it, if it has not ended itself, by SIGTERM or with all its processes by SIGKILL; looks for what it left. */
  end(how: 'SIGTERM' | 'SIGKILL'): Promise<EnvironmentEnd>;
}

/**
 * Starts an environment from the built runtime layer.
 *
 * @param authority address of the Runtime API
 * @param bundle text of the function
 * @param variables of the environment
 */
export async function startEnvironment(
  authority: string,
  bundle: string,
  variables: Readonly<Record<string, string>>,
): Promise<Environment> {
  const cleaning: (() => void | Promise<void>)[] = [];
  const cleaner: Cleaner = { after: (clean) => void cleaning.unshift(clean) };
  const { child, folder, stdout, stderr, exited } = await useBootstrap(cleaner, {
    files: { 'function.bundle.js': bundle },
    variables,
    authority: () => authority,
  });
  const pid = child.pid as number;
  const mark = basename(dirname(folder));
  let thawed: Promise<void> = Promise.resolve();

  /** What has ended, and was a child of the shell that became the bootstrap, stays as a zombie, which is not live. */
  async function look() {
    const all = await Promise.all(lookAtTree(pid).map(readProcess));
    const live = all.filter((one) => one !== undefined);
    return { live, below: live.filter((one) => one.pid !== pid) };
  }

  return {
    exited,
    async freeze(pauseMs) {
      const pids = lookAtTree(pid);
      for (const each of pids) signal(each, 'SIGSTOP');
      thawed = delay(pauseMs).then(() => {
        for (const each of pids) signal(each, 'SIGCONT');
      });
    },
    async killWorker() {
      const { below } = await look();
      for (const worker of below) signal(worker.pid, 'SIGKILL');
    },
    async usage() {
      const { live, below } = await look();
      return {
        descriptors: readdirSync(`/proc/${pid}/fd`).length,
        files: readdirSync(join(folder, 'tmp'), { recursive: true }).length,
        memoryBytes: readResidentMemory(pid) ?? 0,
        workerBytes: below.reduce((sum, one) => sum + (readResidentMemory(one.pid) ?? 0), 0),
        processes: live.length,
      };
    },
    async end(how) {
      await thawed;
      // Lambda kills all that is in an environment, also what hangs.
      const pids = how === 'SIGKILL' ? lookAtTree(pid) : [pid];
      for (const each of pids) signal(each, how);
      const exit = await exited;
      const orphans = await killOrphans(mark);
      const ran = (await stdout)
        .split('\n')
        .flatMap((line) => (line.startsWith('ran ') ? [line.slice('ran '.length)] : []));
      for (const clean of cleaning) await clean();
      return { exit, ran, orphans, stderr: stderr() };
    },
  };
}

async function killOrphans(mark: string): Promise<readonly string[]> {
  const deadline = performance.now() + ENDING_MS;
  while (findProcesses(mark).length > 0 && performance.now() < deadline) await delay(LOOK_MS);
  const orphans = findProcesses(mark);
  for (const { pid } of orphans) signal(pid, 'SIGKILL');
  return orphans.map(({ command }) => command);
}

/** It may have ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
