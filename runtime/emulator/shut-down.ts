import { setTimeout } from 'node:timers/promises';
import type { ExtensionProcesses } from './extensions/extension-processes.ts';
import type { ExtensionSession, ShutdownReason } from './extensions/extension-session.ts';
import type { IsolationName, Sandbox } from './sandbox/sandbox.ts';
import type { TelemetryHub } from './telemetry/telemetry-hub.ts';

/** How long an environment has to end once it was told to: none without extensions, as on Lambda. */
const INTERNAL_SHUTDOWN_MS = 500;
const EXTERNAL_SHUTDOWN_MS = 2000;
/** The runtime's share of that, from SIGTERM to SIGKILL. */
const RUNTIME_SHARE = 0.3;

/** What runs in an environment with extensions. */
export interface Running {
  readonly isolation: IsolationName;
  /** Undefined when the runtime was not started yet. */
  readonly sandbox: Sandbox | undefined;
  readonly extensions: ExtensionSession;
  /** Undefined when all extensions are inside the runtime. */
  readonly processes: ExtensionProcesses | undefined;
  readonly telemetry: TelemetryHub;
}

/**
 * Gives the runtime and then the extensions the time to end that they have on Lambda. What still runs after it is for
 * the caller to kill.
 *
 * @param running what is asked to end
 * @param reason what extensions are told
 */
export async function shutDown(running: Running, reason: ShutdownReason): Promise<void> {
  const { isolation, sandbox, extensions, processes, telemetry } = running;
  const budgetMs = processes === undefined ? INTERNAL_SHUTDOWN_MS : EXTERNAL_SHUTDOWN_MS;
  const deadlineMs = Date.now() + budgetMs;
  if (sandbox !== undefined) {
    await within(budgetMs * RUNTIME_SHARE, Promise.all([sandbox.terminate(), sandbox.exited]));
    // Apart by paths alone, extensions and what they start cannot be told from the runtime's processes.
    if (isolation !== 'paths') await sandbox.kill();
  }
  if (processes === undefined) return;
  await within(deadlineMs - Date.now(), telemetry.flush());
  extensions.send({ eventType: 'SHUTDOWN', shutdownReason: reason, deadlineMs });
  await within(deadlineMs - Date.now(), processes.allExited);
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  const expired = setTimeout(Math.max(0, limitMs), undefined, { signal: limit.signal }).catch(() => {});
  await Promise.race([work, expired]);
  limit.abort();
}
