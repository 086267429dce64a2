import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import type { Interpreter } from '../prepare/interpreter.ts';
import type { WorkerPlan } from '../supervisor/worker-plan.ts';
import type { Workers } from '../supervisor/worker-pool.ts';

/** How long a worker lives: what `PILOTLIGHT_MODE` chooses. Those beside `persistent` are loaded when they are chosen. */
export interface Mode {
  /**
   * Chooses what runs the function.
   *
   * @throws {PilotlightError} as `chooseInterpreter` does
   */
  choose(settings: Settings): Interpreter;
  makeWorkers(plan: WorkerPlan, settings: Settings, log: Log): Workers;
}
