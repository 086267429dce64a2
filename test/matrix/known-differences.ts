import type { Difference } from './differences.ts';

/** A difference that is the interpreter's own and stays. */
interface KnownDifference {
  /** The candidate's name begins so. */
  readonly of: string;
  readonly aspect: Difference['aspect'];
  readonly probe: RegExp;
  /** Half a sentence, after the candidate's name. */
  readonly reason: string;
}

const KNOWN: readonly KnownDifference[] = [
  {
    of: 'bun',
    aspect: 'errors',
    probe: /^(?:engine: .*|a big integer|a cycle)$/,
    reason: 'its engine words errors of its own in another way',
  },
];

/**
 * Why a difference is to be expected.
 *
 * @param candidate the name of the one that differs
 * @param difference what differs
 * @returns half a sentence; `undefined` when it is not to be expected
 */
export function reasonOf(candidate: string, { aspect, probe }: Difference): string | undefined {
  return KNOWN.find(
    (known) => candidate.startsWith(known.of) && known.aspect === aspect && known.probe.test(probe),
  )?.reason;
}
