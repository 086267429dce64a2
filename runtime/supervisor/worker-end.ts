import { setTimeout as delay } from 'node:timers/promises';
import { type GoLine, REPORT_SUFFIX } from '../../worker/protocol.ts';
import type { ExitStatus } from './exit-status.ts';
import { readHeapTrap, takeFatalReport } from './fatal-report.ts';
import { countMemoryKills } from './memory-kills.ts';
import type { WorkerEnd, WorkerLines } from './worker-process.ts';

/** How long a dead worker's last line may take to come through the pipe. */
const LAST_LINE_MS = 100;

/**
 * Prepares to gather what is left of a worker. To be called when it has its go line and is waited for: it counts what the
 * kernel has killed before.
 *
 * @param go the go line, which says where a report would lie
 * @param lines the worker's
 * @param lastOutput gives its last lines of standard error
 * @returns gathers it, once the worker has ended
 */
export function watchEnd(
  { socket }: GoLine,
  lines: WorkerLines,
  lastOutput: () => Promise<readonly string[]>,
): (status: ExitStatus) => Promise<WorkerEnd> {
  const killsBefore = countMemoryKills();
  return async (status) => {
    // Only a process that left the worker's group can still hold the pipe open.
    await Promise.race([lines.closed, delay(LAST_LINE_MS)]);
    const output = await lastOutput();
    return {
      ...status,
      startError: undefined,
      lastOutput: output,
      lastLine: lines.last(),
      report: takeFatalReport(socket + REPORT_SUFFIX) ?? readHeapTrap(status.signal, output),
      ranOutOfMemory: status.signal === 'SIGKILL' && countMemoryKills() !== killsBefore,
    };
  };
}
