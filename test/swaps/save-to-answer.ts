import { setTimeout } from 'node:timers/promises';
import { invoke } from './load.ts';
import type { DoneSwap } from './swapper.ts';
import { FUNCTION_NAME } from './test-function.ts';

/** Somebody who looks at the answer again and again, without keeping the machine busy. */
const LOOK_MS = 5;

/** From a save to the first answer of the new code, in milliseconds, and what it is made of. */
export interface SaveToAnswer {
  readonly totalMs: number;
  /** `notice` until dev has seen the save, its own parts, and `answer` from the turn to the answer. */
  readonly parts: Readonly<Record<string, number>>;
}

/**
 * Measures saves while nothing else is asked of the function.
 *
 * @param url of the Lambda API
 * @param rounds how many
 * @param swap saves another version and waits until it serves
 * @param version tells which that is
 */
export async function measureSaves(
  url: string,
  rounds: number,
  swap: () => Promise<DoneSwap>,
  version: () => string,
): Promise<readonly SaveToAnswer[]> {
  const measured: SaveToAnswer[] = [];
  while (measured.length < rounds) {
    const before = (await invoke(url, FUNCTION_NAME)).version;
    const changed = firstOtherAnswer(url, before);
    const { askedMs, flippedMs, told } = await swap();
    const { receivedMs, version: answered } = await changed;
    if (answered !== version()) throw new Error(`Got "${answered}", expected "${version()}"`);
    const noticedMs = flippedMs - (told.tookMs ?? 0);
    measured.push({
      totalMs: receivedMs - askedMs,
      parts: { notice: noticedMs - askedMs, ...told.parts, answer: receivedMs - flippedMs },
    });
  }
  return measured;
}

async function firstOtherAnswer(url: string, before: string | undefined) {
  for (;;) {
    const sample = await invoke(url, FUNCTION_NAME);
    if (sample.failure !== undefined) throw new Error(`An invocation failed: ${sample.failure}`);
    if (sample.version !== before) return sample;
    await setTimeout(LOOK_MS);
  }
}
