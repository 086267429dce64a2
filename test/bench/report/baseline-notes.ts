import type { BenchResult, ScenarioResult } from '../result.ts';

const MACHINE_FACTS = ['cpu', 'cores', 'memoryMiB', 'kernel', 'node'] as const;
const METHOD_FACTS = ['placement', 'eventBytes', 'inFlight', 'idleMs'] as const;

/**
 * What differs between two runs beside the figures.
 *
 * @param now the run
 * @param before the earlier one
 * @returns one sentence for each difference that makes their figures hard to compare
 */
export function baselineNotes(now: BenchResult, before: BenchResult): string[] {
  return [
    ...machineNotes(now, before),
    ...candidateNotes(now, before),
    ...now.scenarios.flatMap((scenario) => [...methodNotes(scenario, before.scenarios)]),
    ...missingNotes(now, before),
  ];
}

function* machineNotes({ machine: now }: BenchResult, { machine: before }: BenchResult): Generator<string> {
  const facts = MACHINE_FACTS.filter((fact) => now[fact] !== before[fact]);
  if (facts.length === 0) return;
  const list = facts.map((fact) => `${fact} "${before[fact]}" is now "${now[fact]}"`).join(', ');
  yield `The machine differs (${list}): times are not comparable, ratios to the base are in part`;
}

function* candidateNotes(now: BenchResult, before: BenchResult): Generator<string> {
  for (const { name, role, versions } of now.candidates) {
    const earlier = before.candidates.find((candidate) => candidate.name === name);
    if (earlier === undefined) continue;
    const parts = [...new Set([...Object.keys(earlier.versions), ...Object.keys(versions)])];
    const changed = parts.filter((part) => versions[part] !== earlier.versions[part]);
    if (changed.length > 0) {
      const list = changed.map(
        (part) => `${part} ${earlier.versions[part] ?? 'none'} is now ${versions[part] ?? 'none'}`,
      );
      yield `"${name}" has other versions: ${list.join(', ')}`;
    }
    if ((role === 'base') !== (earlier.role === 'base')) {
      yield `"${name}" is the base in one run alone: ratios to the base are not comparable`;
    }
  }
}

function* methodNotes(now: ScenarioResult, all: readonly ScenarioResult[]): Generator<string> {
  const before = all.find(({ id }) => id === now.id);
  if (before === undefined) return;
  const facts = METHOD_FACTS.filter((fact) => now[fact] !== before[fact]);
  if (facts.length > 0) {
    const list = facts.map((fact) => `${fact} ${before[fact]} is now ${now[fact]}`).join(', ');
    yield `"${now.title}" was measured in another way (${list}): its figures are not comparable`;
  }
}

function* missingNotes(now: BenchResult, before: BenchResult): Generator<string> {
  const titles = (one: BenchResult, other: BenchResult) =>
    one.scenarios
      .filter(({ id }) => !other.scenarios.some((scenario) => scenario.id === id))
      .map(({ title }) => `"${title}"`);
  const [added, gone] = [titles(now, before), titles(before, now)];
  if (added.length > 0) yield `Not in the baseline: ${added.join(', ')}`;
  if (gone.length > 0) yield `In the baseline alone: ${gone.join(', ')}`;
}
