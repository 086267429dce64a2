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
 */
export async function judge(
  subject: Subject,
  groups: readonly Group[],
  { signal, onResult }: JudgeOptions,
): Promise<Judgement> {
  const queue = new PQueue({ concurrency: availableParallelism() + 1 });
  const again = new PQueue({ concurrency: 1 });
  const entries = groups.flatMap((group) => group.cases.map((each) => ({ group: group.name, each })));
  const runs = await queue.addAll(
    entries.map(
      ({ group, each }) =>
        () =>
          runCase(subject, group, each, LIMIT_MS),
    ),
    { signal },
  );
  const results = await again.addAll(
    entries.map(({ group, each }, index) => async () => {
      const first = runs[index] as CaseRun;
      const { result } = first.isOutOfTime ? await runCase(subject, group, each, SECOND_LIMIT_MS) : first;
      onResult?.(result);
      return result;
    }),
    { signal },
  );
  return { subject: subject.name, description: subject.description, results };
}
