import type { Output } from '../../runtime/cli/output.ts';
import type { Step } from './run/run-scenario.ts';
import type { Scenario } from './scenario.ts';

const CLEAR_LINE = '\r\x1b[K';

/** Shows where a run stands: on a terminal one line that changes, else a line for each scenario. */
export class Progress {
  readonly #output: Output;
  readonly #terminal: NodeJS.WriteStream | undefined;
  readonly #scenarios: readonly Scenario[];
  #last: Scenario | undefined;

  /**
   * @param output of the verb
   * @param stderr where its lines go
   * @param scenarios in their order
   */
  constructor(output: Output, stderr: NodeJS.WriteStream, scenarios: readonly Scenario[]) {
    this.#output = output;
    this.#scenarios = scenarios;
    this.#terminal = stderr.isTTY && output.loudness === 'normal' ? stderr : undefined;
  }

  /** Before each run. */
  step({ scenario, candidate, round }: Step): void {
    const { rounds, title } = scenario;
    const place = `${this.#scenarios.indexOf(scenario) + 1}/${this.#scenarios.length}`;
    if (this.#terminal !== undefined) {
      const line = `${place} ${title}: round ${round + 1} of ${rounds}, ${candidate}`;
      this.#terminal.write(`${CLEAR_LINE}${line.slice(0, (this.#terminal.columns || 80) - 1)}`);
      return;
    }
    if (scenario !== this.#last) this.#output.note(`${place} ${title}`);
    this.#last = scenario;
    this.#output.detail(`  round ${round + 1} of ${rounds}, ${candidate}`);
  }

  /** Leaves an empty line behind, for what is printed next. */
  end(): void {
    this.#terminal?.write(CLEAR_LINE);
  }
}
