import { isDeepStrictEqual } from 'node:util';
import { followUrl } from '../function-url/follow-url.ts';
import type { LocalFunction } from '../local-function.ts';
import type { Control } from './control.ts';
import { type FunctionSpec, specOf } from './function-spec.ts';
import type { Replacement } from './replacement.ts';

/** `same`: it is that already; `gone`: a client has deleted the function. */
export type SwapResult =
  /** With the SHA-256 of the zip in base64. */
  ((Replacement | { readonly kind: 'same' }) & { readonly sha256: string }) | { readonly kind: 'gone' };

/**
 * Makes a function what its sources have become, by the way that updates of clients go. What clients have set stays,
 * unless the sources say otherwise than before.
 *
 * @param fn what it is to be, its zip and layers on this machine
 * @param before what its sources were
 * @param control has the function
 * @param withdrawal takes the update back while it is under way
 * @throws {ToolError} `CANNOT` when the port of a URL that it is to have is taken
 */
export async function swapLocal(
  fn: LocalFunction,
  before: LocalFunction,
  { functions, codes, layers, urls }: Control,
  withdrawal: AbortSignal,
): Promise<SwapResult> {
  const record = functions.get(fn.settings.name);
  if (record === undefined) return { kind: 'gone' };
  const wanted = await specOf(fn, codes, layers);
  let isServing = false;
  let settleUrl: Awaited<ReturnType<typeof followUrl>> | undefined;
  try {
    settleUrl = await followUrl(fn.settings, before.settings, urls);
    // One at a time: a client may be just about to change it too.
    while (['creating', 'updating'].includes(record.latest.status.kind)) await record.settled;
    withdrawal.throwIfAborted();
    const { spec } = record.latest;
    const { sha256 } = wanted.code;
    const next = {
      ...spec,
      code: wanted.code,
      ...(isDeepStrictEqual(fn.settings, before.settings) ? {} : { settings: wanted.settings }),
      ...(isDeepStrictEqual(fn.layers, before.layers) ? {} : { layers: wanted.layers }),
    };
    const result = isSame(spec, next) ? ({ kind: 'same' } as const) : await record.replace(next, withdrawal);
    isServing = result.kind === 'same' || result.kind === 'swapped';
    const { concurrency } = fn.settings;
    if (isServing && concurrency !== before.settings.concurrency) record.reserve(concurrency);
    return { ...result, sha256 };
  } finally {
    wanted.code.release();
    await settleUrl?.(isServing);
  }
}

function isSame(a: FunctionSpec, b: FunctionSpec): boolean {
  return (
    a.code.sha256 === b.code.sha256 &&
    isDeepStrictEqual(a.settings, b.settings) &&
    isDeepStrictEqual(a.layers, b.layers)
  );
}
