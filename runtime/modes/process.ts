import type { Settings } from '../config.ts';
import { chooseInterpreter } from '../prepare/choose-interpreter.ts';
import { findProgram } from './find-program.ts';
import type { Mode } from './mode.ts';
import { ProgramWorkers } from './program-workers.ts';
import { SpareWorkers } from './spare-workers.ts';

/**
 * A process of its own for each event. A plain program is started and gets the event on its standard input; a bundle
 * gets a worker of the ordinary kind, started when the event comes, so that it is the same function in all modes.
 *
 * @param settings the settings
 * @throws {PilotlightError} as `findProgram` does
 */
export function processMode(settings: Settings): Mode {
  const program = findProgram(settings);
  if (program === undefined)
    return { choose: chooseInterpreter, makeWorkers: (plan, _, log) => new SpareWorkers(plan, 0, log) };
  const { handler } = settings;
  const interpreter = {
    name: 'program',
    version: '',
    binary: program,
    worker: ['{binary}', handler],
    variables: {},
    permissions: undefined,
    host: program,
    bundles: [],
  };
  return {
    choose: () => interpreter,
    makeWorkers: (plan, { result, streams, maxConcurrency: count }, log) =>
      new ProgramWorkers(plan, { result, streams, count }, log),
  };
}
