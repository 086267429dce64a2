import type { SandboxExit } from './sandbox/sandbox.ts';

/** How a bootstrap ended, or an extension beside it, which is as bad. */
export interface RuntimeExit extends SandboxExit {
  /** Error type of the extension that failed. */
  readonly extensionError?: string;
  /** Whether a process was killed because the environment used more than its memory. */
  readonly outOfMemory?: boolean;
}
