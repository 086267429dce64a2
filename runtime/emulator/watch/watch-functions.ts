import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Output } from '../../cli/output.ts';
import type { LocalFunction } from '../local-function.ts';
import type { LocalLambda } from '../local-lambda.ts';
import { type PrepareOptions, prepareAgain, sourceKind } from '../prepare-function.ts';
import { printSwap } from './swap-line.ts';
import { type WatchResult, watchFunction } from './watch-function.ts';

/** A function of `dev` and where it came from. */
export interface DevFunction {
  /** Folder or zip. */
  readonly source: string;
  readonly fn: LocalFunction;
  readonly options: PrepareOptions;
}

/**
 * Watches the sources of functions until it is told to stop, swaps each when they change, and says so.
 *
 * @param functions that run
 * @param lambda runs them
 * @param output takes a line a swap
 * @param signal stops it
 */
export async function watchFunctions(
  functions: readonly DevFunction[],
  lambda: LocalLambda,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    functions.map(async ({ source, fn, options }) => {
      const path = await realpath(source);
      const { name } = fn.settings;
      try {
        await watchFunction(
          {
            root: (await sourceKind(path)) === 'zip' ? dirname(path) : path,
            fn,
            rebuild: (before, withdrawal, read) =>
              prepareAgain(path, before, { ...options, signal: withdrawal, read }),
            async swap(next, before, withdrawal) {
              const address = lambda.urls[name];
              const result = await lambda.swap(next, before, withdrawal);
              if (lambda.urls[name] !== address) printUrl(output, name, lambda.urls);
              return result;
            },
            report: (result) => report(output, name, result),
          },
          signal,
        );
      } catch (error) {
        // The functions run all the same.
        output.always(`Cannot watch "${source}" any more: ${(error as Error).message}`);
      }
    }),
  );
}

function printUrl(output: Output, name: string, urls: LocalLambda['urls']): void {
  const address = urls[name];
  if (output.json) output.result(`${JSON.stringify({ urls })}\n`);
  else if (address === undefined) output.note(`no url     ${name}`);
  else output.result(`url ${name} ${address}\n`);
}

function report(output: Output, functionName: string, watched: WatchResult): void {
  if (watched.kind === 'failed') return void printSwap(output, { functionName, result: watched });
  const { result, times } = watched;
  if (result.kind === 'gone') return void output.note(`unchanged  ${functionName} was deleted by a client`);
  if (result.kind === 'same') return void output.detail(`unchanged  ${functionName}`);
  printSwap(output, { functionName, sha256: result.sha256, result, times });
}
