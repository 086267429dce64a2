import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A worker that dies over a child that would outlive it. */
export const leavesChild: Fault = {
  name: 'leaves a child',
  side: 'function',
  errorType: ERROR_TYPES.exited,
  inWorker() {
    process.getBuiltinModule('node:child_process').spawn('/bin/sleep', ['600'], { stdio: 'ignore' });
    process.exit(3);
  },
};
