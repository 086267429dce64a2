import { DeadlineWatch } from '../deadline/deadline-watch.ts';
import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import { Aftermath } from '../supervisor/aftermath.ts';
import type { WorkerPlan } from '../supervisor/worker-plan.ts';
import type { Workers } from '../supervisor/worker-pool.ts';
import { makePipes, type PipeSet } from './pipes.ts';
import { ProgramRun } from './program-run.ts';
import { programVariables } from './program-variables.ts';
import { type ResultPlace, startProgram } from './start-program.ts';

/** How a program answers. */
export interface ProgramOptions {
  readonly result: ResultPlace;
  /** Whether its output is passed on as it comes. */
  readonly streams: boolean;
  /** How many may run at once. */
  readonly count: number;
}

/** Starts a plain program for each event. There is nothing to wait for before it, and nothing is left behind it. */
export class ProgramWorkers implements Workers {
  readonly isReady = true;
  readonly isHopeless = false;
  readonly mustPoll = false;
  readonly hasShutdownHook = false;
  readonly #plan: WorkerPlan;
  readonly #options: ProgramOptions;
  readonly #log: Log;
  readonly #aftermath: Aftermath;
  /** Those that no program has. */
  #pipes: PipeSet[] = [];
  /** Those that no invocation uses: each looks after one at a time. */
  readonly #deadlines: DeadlineWatch[] = [];

  constructor(plan: WorkerPlan, options: ProgramOptions, log: Log) {
    this.#plan = plan;
    this.#options = options;
    this.#log = log;
    this.#aftermath = new Aftermath(log);
  }

  async ready(): Promise<void> {
    try {
      this.#pipes = await Promise.all(Array.from({ length: this.#options.count }, makePipes));
    } catch (error) {
      this.#log.info(`programs get sockets in place of pipes: ${(error as Error).message}`);
    }
  }

  async runHooks(): Promise<void> {}

  /**
   * Starts the program for an invocation. However it ends, the result is one answer.
   *
   * @param invocation the event
   * @param onAnswer told of the answer
   */
  forward(invocation: Invocation, onAnswer: (answer: Answer) => void): void {
    // What earlier programs left behind, and may hold what this one wants.
    void this.#aftermath.over().then(() => this.#start(invocation, onAnswer));
  }

  async stop(): Promise<void> {
    await this.#aftermath.over();
  }

  #start(invocation: Invocation, onAnswer: (answer: Answer) => void): void {
    const { result, streams } = this.#options;
    const pipes = this.#pipes.pop();
    const program = startProgram(this.#plan.command, programVariables(invocation.lines), result, pipes);
    this.#aftermath.watch(program);
    const run = new ProgramRun(program, invocation, this.#log);
    const deadlines = this.#takeDeadlines();
    deadlines?.begin(invocation, run);
    void run.over.then(async () => {
      deadlines?.end();
      if (deadlines !== undefined) this.#deadlines.push(deadlines);
      await program.ended;
      if (pipes !== undefined) this.#pipes.push(pipes);
    });
    void (streams ? run.stream() : run.answer()).then(onAnswer);
  }

  #takeDeadlines(): DeadlineWatch | undefined {
    const { deadline } = this.#plan;
    return deadline && (this.#deadlines.pop() ?? new DeadlineWatch(deadline, this.#log));
  }
}
