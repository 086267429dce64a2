import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import type { Group } from './case.ts';
import type { CaseResult, Judgement } from './result.ts';
import { type CaseRun, runCase } from './run-case.ts';
import type { Subject } from './subjects/subject.ts';

/** How long a wait of a case may take before the case is run again on its own. */
export const LIMIT_MS = 5_000;
/** A machine that is busy with something else must not turn a verdict. */
const SECOND_LIMIT_MS = 20_000;

/** How the cases of a bootstrap are run. */
export interface JudgeOptions {
  readonly signal: AbortSignal;
  /** Told of each verdict. */
  onResult?(result: CaseResult): void;
}

/**
 * Runs cases, a few at once; one that the clock ended is run again alone, with more time.
 *
 * @param subject the bootstrap
 * @param groups the cases
 * @param options when to stop, and who is told
 * @returns a verdict for each case, in their order
 * @throws the signal's reason, once nothing runs any more; whatever keeps a bootstrap from being started
 */
export async function judge(
  subject: Subject,
  groups: readonly Group[],
  { signal, onResult }: JudgeOptions,
): Promise<Judgement> {
  const entries = groups.flatMap((group) => group.cases.map((each) => ({ group: group.name, each })));
  const run = ({ group, each }: (typeof entries)[number], limitMs: number) => {
    signal.throwIfAborted();
    return runCase(subject, group, each, limitMs, signal);
  };
  const queue = new PQueue({ concurrency: availableParallelism() + 1 });
  const runs = await Promise.allSettled(entries.map((entry) => queue.add(() => run(entry, LIMIT_MS))));
  const results: CaseResult[] = [];
  for (const [index, entry] of entries.entries()) {
    const first = runs[index] as PromiseSettledResult<CaseRun>;
    if (first.status === 'rejected') throw first.reason;
    const { result } = first.value.isOutOfTime ? await run(entry, SECOND_LIMIT_MS) : first.value;
    onResult?.(result);
    results.push(result);
  }
  signal.throwIfAborted();
  return { subject: subject.name, description: subject.description, results };
}
