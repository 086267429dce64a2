import type { Plan } from './plan.ts';

/**
 * A plan as lines for people: what is done with which part, and why.
 *
 * @param plan the plan
 */
export function renderPlan({ steps }: Plan): string {
  const width = (of: (step: Plan['steps'][number]) => string) =>
    Math.max(...steps.map((step) => of(step).length));
  const [actions, parts, names] = [
    width(({ action }) => action),
    width(({ part }) => part),
    width(({ name }) => name),
  ];
  return steps
    .map(
      ({ action, part, name, why }) =>
        `${action.padEnd(actions)}  ${part.padEnd(parts)}  ${name.padEnd(names)}  ${why}\n`,
    )
    .join('');
}
