// The driver's process: it serves the Runtime API and measures, on a processor of its own where one is given to it.
import process from 'node:process';
import type { FromDriver, ToDriver } from './protocol.ts';
import { type ServedTask, serveTask } from './serve-task.ts';

let served: ServedTask | undefined;

// Ctrl-C reaches all processes of a terminal; the command line ends this one when the environment is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToDriver) => {
  void obey(message);
});
tell({ kind: 'ready' });

async function obey(message: ToDriver): Promise<void> {
  if (message.kind === 'task') {
    served = await serveTask(message.task, {
      onWarm: () => tell({ kind: 'warm' }),
      onMeasured: (measurement) => tell({ kind: 'measured', measurement }),
      onFailed: (reason) => tell({ kind: 'failed', reason }),
    });
    tell({ kind: 'listening', port: served.port });
  } else if (message.kind === 'measure') {
    served?.measure();
  } else {
    await served?.close();
    served = undefined;
    tell({ kind: 'released' });
  }
}

function tell(message: FromDriver): void {
  process.send?.(message);
}
