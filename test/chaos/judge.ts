import type { CallerAnswer } from './delivery.ts';
import type { PlannedInvocation } from './plan.ts';

/**
 * Says what is wrong with an answer. What it should be follows from the event and the faults alone.
 *
 * @param invocation what was planned
 * @param answer what the caller got
 * @returns in words; `undefined` when it is right
 */
export function judgeAnswer(
  { id, event, faults }: PlannedInvocation,
  { verb, body }: CallerAnswer,
): string | undefined {
  const errorType = faults.find((fault) => fault.errorType !== undefined)?.errorType;
  const value = parse(body) as Partial<Record<'errorType' | 'n' | 'text', unknown>>;
  if (errorType !== undefined) {
    if (verb === 'error' && value.errorType === errorType) return undefined;
    return `${id} (${nameOf(faults)}): expected the error ${errorType}, got ${describe(verb, body)}`;
  }
  if (verb === 'response' && value.n === event.n && value.text === event.text) return undefined;
  return `${id} (${nameOf(faults)}): expected its own event back, got ${describe(verb, body)}`;
}

/** What an invocation is counted as. */
export function nameOf(faults: PlannedInvocation['faults']): string {
  return faults.length === 0 ? 'none' : faults.map(({ name }) => name).join(' + ');
}

function describe(verb: string, body: string): string {
  return `${verb} ${body.slice(0, 200)}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
