import type { Fault } from '../fault.ts';

/** An environment that is frozen for so long that the other side has closed its connections when it goes on. */
export const freezeAndCut: Fault = {
  name: 'frozen and cut',
  side: 'run',
  // The answer may have come just before.
  repeats: 1,
  async whileRunning({ freeze, restart }) {
    await freeze();
    await restart();
  },
};
