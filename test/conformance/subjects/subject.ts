import type { BootstrapCommand } from '../bootstrap-process.ts';
import type { Feature } from '../case.ts';

/** A bootstrap that is judged, with the kit's handler in its language. */
export interface Subject {
  readonly name: string;
  readonly description: string;
  /** What it or its language cannot do, with the reason. */
  readonly without: Readonly<Partial<Record<Feature, string>>>;
  /** Why it cannot run here and what helps; `undefined` when it can. */
  readonly missing: string | undefined;
  /** Value of `_HANDLER` for an export of the handler's module. */
  handler(entry: string): string;
  /**
   * Lays the function's files.
   *
   * @param taskFolder empty folder of one case
   * @returns how the bootstrap is started there
   */
  prepare(taskFolder: string): Promise<BootstrapCommand>;
}
