import { BEFORE_SNAPSHOT_PATH } from '../../worker/protocol.ts';
import { PilotlightError } from '../errors.ts';
import type { HttpAnswer } from '../transport/http-client.ts';

/**
 * Reads what came of the hooks that a worker was asked to run.
 *
 * @param path what was asked for
 * @param answer the worker's
 * @throws {PilotlightError} `BEFORE_SNAPSHOT_FAILED` or `AFTER_RESTORE_FAILED` with the function's own error
 */
export function checkHooks(path: string, { status, body }: HttpAnswer): void {
  // A host without such hooks knows no such path.
  if (status === 200 || status === 404) return;
  const code = path === BEFORE_SNAPSHOT_PATH ? 'BEFORE_SNAPSHOT_FAILED' : 'AFTER_RESTORE_FAILED';
  const { errorMessage, trace } = parseError(String(body));
  throw new PilotlightError(code, errorMessage, { trace });
}

function parseError(text: string): { readonly errorMessage: string; readonly trace: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {}
  const { errorMessage, trace } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return {
    errorMessage: String(errorMessage ?? text),
    trace: Array.isArray(trace) ? trace.map(String) : [],
  };
}
