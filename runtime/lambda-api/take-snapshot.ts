import { AFTER_RESTORE_PATH, BEFORE_SNAPSHOT_PATH } from '../../worker/protocol.ts';
import type { Log } from '../log.ts';
import { openSideCalls } from './side-calls.ts';

const RESTORE_PATH = '/2018-06-01/runtime/restore/next';

/**
 * Lets Lambda take a snapshot of the environment, and returns in a copy of it. Everything opened so far on the way to
 * the Runtime API is closed before: no connection of the original is good in a copy.
 *
 * @param authority `host:port` as in `AWS_LAMBDA_RUNTIME_API`
 * @param runHooks has the worker run its hooks for a path of its protocol
 * @param stopping aborted when no further event is wanted
 * @param log where a refusal is told
 * @throws {PilotlightError} `BEFORE_SNAPSHOT_FAILED` or `AFTER_RESTORE_FAILED`, the error to report
 */
export async function takeSnapshot(
  authority: string,
  runHooks: (path: string) => Promise<void>,
  stopping: AbortSignal,
  log: Log,
): Promise<void> {
  await runHooks(BEFORE_SNAPSHOT_PATH);
  const side = openSideCalls(authority, stopping);
  const answer = await side.call({ method: 'GET', path: RESTORE_PATH, waits: true });
  side.close();
  if (stopping.aborted) return;
  // The wait may well end with its connection, which the snapshot cut.
  if (answer !== undefined && answer.status !== 200)
    log.warn(`${RESTORE_PATH} was refused with ${answer.status}: ${answer.text.trim()}`);
  await runHooks(AFTER_RESTORE_PATH);
}
