import { availableParallelism } from 'node:os';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import type { Placement } from '../result.ts';

/** On which processors the two sides of a measurement run; `undefined`: where the scheduler puts them. */
export interface Places {
  readonly driver: number | undefined;
  readonly environment: number | undefined;
}

/** `one` takes the second processor as well: the first one serves most interrupts. */
const PLACES: Readonly<Record<Placement, Places>> = {
  split: { driver: 0, environment: 1 },
  one: { driver: 1, environment: 1 },
  free: { driver: undefined, environment: undefined },
};

/**
 * Finds the processors of a placement.
 *
 * @throws {ToolError} `CANNOT` where there are too few
 */
export function placesOf(placement: Placement, processors = availableParallelism()): Places {
  if (placement !== 'free' && processors < 2) {
    throw new ToolError('CANNOT', `Cannot place by "${placement}": found 1 processor, expected 2`, {
      next: 'pilotlight bench --placement free',
    });
  }
  return PLACES[placement];
}

/**
 * Puts a command on a processor; it inherits its place to all that it starts.
 *
 * @param processor its number, or `undefined` for any
 */
export function placed(
  processor: number | undefined,
  file: string,
  args: readonly string[],
): readonly [file: string, args: readonly string[]] {
  return processor === undefined
    ? [file, args]
    : ['taskset', ['--cpu-list', String(processor), file, ...args]];
}
