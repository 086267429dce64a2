import type { FunctionError } from '../../protocol.ts';
import { describeError, HostError, type MapStack } from '../errors.ts';
import type { Hook } from './hooks.ts';

/**
 * Runs the hooks of one side of a snapshot, one after the other.
 * @param hooks - in the order in which they are to run
 * @param errorType - what a failure is called, for example `Runtime.BeforeSnapshotError`
 * @param mapStack - applied to the stack of an error
 * @returns the error of the first hook that failed, after which none was called; `undefined` when all are through
 */
export async function runSnapshotHooks(
  hooks: readonly Hook[],
  errorType: string,
  mapStack: MapStack,
): Promise<FunctionError | undefined> {
  try {
    for (const hook of hooks) await hook();
    return undefined;
  } catch (cause) {
    const thrown = describeError(cause);
    const message = `${thrown.errorType}: ${thrown.errorMessage}`;
    return describeError(new HostError(errorType, message, { cause }), mapStack);
  }
}
