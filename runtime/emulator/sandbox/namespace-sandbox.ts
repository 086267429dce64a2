import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Launched } from './launch.ts';
import { lookAtProcess, lookAtTree } from './process-look.ts';
import { isRunning, type ProcessIdentity, readProcess, signalProcess, untilGone } from './process-table.ts';
import type { Sandbox, SandboxExit } from './sandbox.ts';
import { readStatus } from './status-lines.ts';

/** Where a shell, and bubblewrap, begin to count the signals that ended a program. */
const SIGNAL_BASE = 128;
/** Process 1 is known a few milliseconds before it starts the bootstrap, and nothing tells when it does. */
const NOT_YET_LOOK_MS = 2;
/**
 * How long kill() waits to be told of process 1. Without it only the program outside can be killed, and bubblewrap 0.8
 * leaves its child behind, blocked, when that happens in its first milliseconds.
 */
const START_LIMIT_MS = 2000;

/**
 * Watches over an environment with a process-id namespace of its own: when its process 1 ends, the kernel ends all.
 * A bootstrap that exits with a code above 128 cannot be told from one that was ended by a signal.
 *
 * @param launched bubblewrap, or our script; it writes status lines
 */
export function namespaceSandbox(launched: Launched): Sandbox {
  const status = readStatus(launched.status);
  let known: ProcessIdentity | undefined;
  const init = status.initPid.then(identify).then((found) => {
    known = found;
    return found;
  });
  let killed = false;

  const watch = async (): Promise<SandboxExit> => {
    const [end, code] = await Promise.all([launched.ended, status.exitCode]);
    if (code !== undefined) return exitFromCode(code);
    if (killed) return { exitCode: undefined, signal: 'SIGKILL' };
    if (end.signal !== undefined) return { exitCode: undefined, signal: end.signal };
    const startFailure = end.failure ?? 'the bootstrap could not be executed, its standard error says why';
    return { exitCode: undefined, signal: undefined, startFailure };
  };
  const exited = watch();

  const processes = () => {
    if (known === undefined || lookAtProcess(known.pid)?.startTicks !== known.startTicks) return [];
    // Process 1 is the sandbox's.
    return lookAtTree(known.pid).slice(1);
  };
  return {
    stdout: launched.stdout,
    stderr: launched.stderr,
    exited,
    processes,
    terminate: async () => {
      const found = await init;
      while (found !== undefined && (await isRunning(found))) {
        // The bootstrap is the first child of process 1; orphans come behind it.
        const bootstrap = await identify(processes()[0]);
        if (bootstrap !== undefined && (await signalProcess(bootstrap, 'SIGTERM'))) return;
        await setTimeout(NOT_YET_LOOK_MS);
      }
    },
    kill: async () => {
      killed = true;
      const found = await Promise.race([init, setTimeout(START_LIMIT_MS, undefined, { ref: false })]);
      // The program outside goes first, because unshare complains in the bootstrap's standard error when its child is
      // killed. Process 1 is told to end with it, but perhaps not yet.
      if (launched.identity !== undefined) await signalProcess(launched.identity, 'SIGKILL');
      if (found !== undefined) {
        await signalProcess(found, 'SIGKILL');
        await untilGone(found);
      }
      await exited;
    },
  };
}

async function identify(pid: number | undefined): Promise<ProcessIdentity | undefined> {
  return pid === undefined ? undefined : await readProcess(pid);
}

function exitFromCode(code: number): SandboxExit {
  const [signal] =
    Object.entries(constants.signals).find(([, number]) => number === code - SIGNAL_BASE) ?? [];
  return signal === undefined
    ? { exitCode: code, signal: undefined }
    : { exitCode: undefined, signal: signal as NodeJS.Signals };
}
