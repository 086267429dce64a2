import { table } from '../table.ts';
import type { Plan } from './plan.ts';

/**
 * A plan as lines for people: what is done with which part, and why.
 *
 * @param plan the plan
 */
export function renderPlan({ steps }: Plan): string {
  return table(steps.map(({ action, part, name, why }) => [action, part, name, why]));
}
