import type { Fault } from '../fault.ts';

/** An environment that is frozen somewhere between event and answer. */
export const freezeRunning: Fault = {
  name: 'frozen while running',
  side: 'run',
  whileRunning: ({ freeze }) => freeze(),
};
