import { monotonicMs } from '../control/replacement.ts';
import type { SwapResult } from '../control/swap-local.ts';
import type { LocalFunction } from '../local-function.ts';
import { Changes } from './changes.ts';
import { FolderWatches } from './folder-watches.ts';
import { type Sources, settleMs, sourcesOf, wholeFolder } from './sources.ts';

/** A function that runs, and how it is made anew. */
export interface WatchedFunction {
  /** Absolute path of its folder, without links, or of the folder that its zip is in. */
  readonly root: string;
  /** What runs. */
  readonly fn: LocalFunction;
  /** Makes it from what its sources are now; `read` is told which those were, unless it is all of the folder. */
  rebuild(
    before: LocalFunction,
    signal: AbortSignal,
    read: (files: readonly string[]) => void,
  ): Promise<LocalFunction>;
  swap(fn: LocalFunction, before: LocalFunction, withdrawal: AbortSignal): Promise<SwapResult>;
  /** Gets what became of each change. */
  readonly report: (result: WatchResult) => void;
}

/** What became of a change; the times of a swap are those between the change and the first invocation that meets it. */
export type WatchResult =
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'built'; readonly result: SwapResult; readonly times: BuildTimes };

/** As of {@link monotonicMs}. */
export interface BuildTimes {
  readonly noticedMs: number;
  readonly settledMs: number;
  readonly builtMs: number;
}

/**
 * Swaps a function whenever its sources change, until it is told to stop. A change ends what an earlier one began.
 *
 * @param watched the function
 * @param signal stops it
 * @throws what the system refuses when it cannot watch
 */
export async function watchFunction(watched: WatchedFunction, signal: AbortSignal): Promise<void> {
  const { root } = watched;
  let { fn } = watched;
  let sources: Sources = sourcesOf(root, []);
  let attempt = new AbortController();
  let said = '';
  const changes = new Changes();
  const watches = new FolderWatches((path) => {
    if (!sources.concerns(path)) return;
    changes.add(path, settleMs(path));
    attempt.abort();
  });
  // Until now nobody looked: what was saved while all this started is found by building once more.
  changes.add(root, 0);
  try {
    for (let batch = await changes.next(signal); batch !== undefined; batch = await changes.next(signal)) {
      const settledMs = monotonicMs();
      attempt = new AbortController();
      const withdrawal = AbortSignal.any([attempt.signal, signal]);
      // Before they are read, so that no later change is missed.
      watches.sync(sources.folders);
      let read: readonly string[] | undefined;
      const note = (files: readonly string[]) => {
        read = files;
      };
      let outcome: 'built' | 'failed' | 'withdrawn' = 'withdrawn';
      try {
        const next = await watched.rebuild(fn, withdrawal, note);
        outcome = 'built';
        const times = { noticedMs: batch.noticedMs, settledMs, builtMs: monotonicMs() };
        const result = await watched.swap(next, fn, withdrawal);
        watched.report({ kind: 'built', result, times });
        if (result.kind === 'swapped') fn = next;
        said = '';
      } catch (error) {
        if (!withdrawal.aborted) {
          outcome = 'failed';
          const text = String(error);
          // Where many files may mend it, most changes that are looked at do not.
          if (text !== said || [...batch.paths].some(sources.has)) watched.report({ kind: 'failed', error });
          said = text;
        }
      }
      if (signal.aborted) return;
      if (outcome === 'built') sources = read === undefined ? wholeFolder(root) : sourcesOf(root, read);
      else sources = sources.and(read ?? [], outcome === 'failed');
      // What was written to a folder before it was watched is found by another look, which hurts nobody.
      if (watches.sync(sources.folders)) changes.add(root, 0);
    }
  } finally {
    changes.close();
    watches.close();
  }
}
