import { endTree } from './end-tree.ts';
import type { Launched } from './launch.ts';
import { lookAtTree } from './process-look.ts';
import { nowTicks, signalProcess } from './process-table.ts';
import type { Sandbox, SandboxExit } from './sandbox.ts';

/**
 * Watches over a bootstrap that runs among the machine's other processes.
 *
 * @param launched the bootstrap
 * @param variable `NAME=value` of a variable that all its processes inherit and no other environment has
 */
export function pathsSandbox(launched: Launched, variable: string): Sandbox {
  const root = launched.identity;
  let rootEndedTicks: number | undefined;
  const watch = async (): Promise<SandboxExit> => {
    const { exitCode, signal, failure } = await launched.ended;
    rootEndedTicks = await nowTicks();
    return { exitCode, signal, ...(failure === undefined ? {} : { startFailure: failure }) };
  };
  const exited = watch();
  const processes = () => (root === undefined || rootEndedTicks !== undefined ? [] : lookAtTree(root.pid));
  return {
    stdout: launched.stdout,
    stderr: launched.stderr,
    exited,
    processes,
    terminate: async () => {
      if (root !== undefined) await signalProcess(root, 'SIGTERM');
    },
    kill: async () => {
      if (root !== undefined) await endTree({ root, rootEndedTicks: () => rootEndedTicks, variable });
      await exited;
    },
  };
}
