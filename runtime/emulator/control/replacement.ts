import process from 'node:process';
import type { Problem } from './status.ts';

/** How an update of a function ended; times as of {@link monotonicMs}. */
export type Replacement =
  | {
      readonly kind: 'swapped';
      readonly beganMs: number;
      /** When the code was there, and environments of it began. */
      readonly unpackedMs: number;
      /** From when on invocations go to the new environments. */
      readonly flippedMs: number;
    }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'withdrawn' };

/** Gets how an update ended that a client asked for, with the SHA-256 in base64 of the zip that was to serve. */
export type OnReplaced = (functionName: string, sha256: string, replacement: Replacement) => void;

/**
 * The time on a clock that all processes of the machine share and nobody sets, in milliseconds.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
