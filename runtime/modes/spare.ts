import { chooseInterpreter } from '../prepare/choose-interpreter.ts';
import type { Mode } from './mode.ts';
import { SpareWorkers } from './spare-workers.ts';

/** A worker of the ordinary kind waits for each event, and is used once. */
export const SPARE: Mode = {
  choose: chooseInterpreter,
  makeWorkers: (plan, { maxConcurrency }, log) => new SpareWorkers(plan, maxConcurrency, log),
};
