import {
  AFTER_RESTORE_PATH,
  BEFORE_SNAPSHOT_PATH,
  type FunctionError,
  SHUTDOWN_PATH,
} from '../../protocol.ts';
import { describeError, type MapStack } from '../errors.ts';
import type { Hooks } from './hooks.ts';
import { Shutdown } from './shutdown.ts';
import { runSnapshotHooks } from './snapshot.ts';

/** What a function does at the turns of its life. */
export interface Lifecycle {
  /** To be called once the function is loaded; the result is whether it has something to run before its end. */
  watch(): boolean;
  /**
   * Runs what belongs to a request of the bootstrap.
   *
   * @param path the request's
   * @returns status and body of the answer: 404 for a path that is none of these
   */
  run(path: string): Promise<{ readonly status: number; readonly error?: FunctionError }>;
  /** To be called when nothing keeps the process alive. */
  endByEmptyLoop(): void;
}

export interface LifecycleOptions {
  readonly hooks: Hooks;
  readonly mapStack: MapStack;
  /** Told what went wrong at the end, where nobody waits for an answer. */
  readonly log: (error: FunctionError) => void;
  /** Called before the hooks of the end: nothing of the host's is to keep the process alive any more. */
  readonly letGo: () => void;
}

/**
 * Makes the lifecycle of a loaded function.
 * @param options - its hooks and what they need
 */
export function createLifecycle({ hooks, mapStack, log, letGo }: LifecycleOptions): Lifecycle {
  const shutdown = new Shutdown(hooks.shutdown, (error) => log(describeError(error, mapStack)));

  async function snapshotStep(list: Hooks['shutdown'], errorType: string) {
    const error = await runSnapshotHooks(list, errorType, mapStack);
    return error === undefined ? { status: 200 } : { status: 500, error };
  }

  return {
    watch: () => shutdown.watch(),
    async run(path) {
      switch (path) {
        case SHUTDOWN_PATH:
          letGo();
          await shutdown.run();
          return { status: 200 };
        case BEFORE_SNAPSHOT_PATH:
          return snapshotStep(hooks.beforeSnapshot.toReversed(), 'Runtime.BeforeSnapshotError');
        case AFTER_RESTORE_PATH:
          return snapshotStep(hooks.afterRestore, 'Runtime.AfterRestoreError');
        default:
          return { status: 404 };
      }
    },
    endByEmptyLoop: () => shutdown.endByEmptyLoop(),
  };
}
