import process from 'node:process';

/**
 * The monotonic clock, which is the same in all processes of a machine.
 *
 * @returns nanoseconds; exact as a number until the machine has been up for a hundred days
 */
export function now(): number {
  return Number(process.hrtime.bigint());
}
