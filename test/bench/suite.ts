import type { Candidate } from './candidates/candidate.ts';
import { BARE_PAIR } from './candidates/floor.ts';
import { AHEAD, PILOTLIGHT } from './candidates/pilotlight.ts';
import type { Placement } from './result.ts';
import type { Scenario } from './scenario.ts';

const PLACEMENT_TITLES: Readonly<Record<Placement, string>> = {
  split: 'driver and environment on a core each',
  one: 'driver and environment on one core',
  free: 'on the cores that the scheduler chooses',
};
/** As many as a processor of Managed Instances usually gets. */
const CONCURRENT = 8;
/** The events of one run of a large size are about this many bytes together. */
const RUN_BYTES = 40_000_000;
const QUICK_ROUNDS = 2;
const QUICK_INVOCATIONS = 50;
const QUICK_BYTES = 5_000_000;

type Counts = Pick<Scenario, 'rounds' | 'warmUp' | 'invocations'>;

/** Forms of ours beside the usual one, which need not stand in every table. */
const VARIANTS = ['pilotlight again', 'pilotlight pipelined', 'pilotlight undici'];
/** Those that take several milliseconds for the smallest event. */
export const SLOW: readonly string[] = ['bash'];
/** Those that take longest over large events. */
const SLOW_WHEN_LARGE = ['python', 'go', ...SLOW];
/** Those whose figures for small events say enough. */
const SMALL_ONLY = [BARE_PAIR, 'php'];

/**
 * All that is measured when nothing else is asked for. The counts make it last less than five minutes on two cores with
 * every peer installed: more rounds rather than longer ones, because rounds differ more than their invocations do.
 */
export const SUITE: readonly Scenario[] = [
  warm('split', 150, { rounds: 5, warmUp: 500, invocations: 2_000 }),
  warm('one', 150, { rounds: 5, warmUp: 500, invocations: 1_500 }, ['php', ...SLOW]),
  warm('free', 10_000, { rounds: 7, warmUp: 500, invocations: 2_000 }, ['php', ...SLOW_WHEN_LARGE]),
  warm('free', 1_000_000, { rounds: 5, warmUp: 15, invocations: 40 }, [
    'pilotlight again',
    ...SMALL_ONLY,
    ...SLOW_WHEN_LARGE,
  ]),
  warm('free', 5_900_000, { rounds: 3, warmUp: 5, invocations: 12 }, [
    ...VARIANTS,
    'rust',
    ...SMALL_ONLY,
    ...SLOW_WHEN_LARGE,
  ]),
  {
    ...warm('free', 150, { rounds: 6, warmUp: 500, invocations: 100 }),
    id: 'idle-free-20ms',
    kind: 'idle',
    title: `after 20 ms of idle, 150 B, ${PLACEMENT_TITLES.free}`,
    idleMs: 20,
    without: [...VARIANTS, 'python', 'go', 'rust', 'bash', 'floor', ...SMALL_ONLY],
  },
  {
    ...warm('split', 150, { rounds: 3, warmUp: 300, invocations: 1_000 }),
    id: 'log-split-150',
    kind: 'log',
    title: `one log line an invocation, 150 B, ${PLACEMENT_TITLES.split}`,
    variables: { BENCH_LOG: '1' },
    without: [...SLOW, 'floor', ...SMALL_ONLY],
  },
  {
    ...warm('free', 150, { rounds: 7, warmUp: 3_000, invocations: 4_000 }),
    id: `concurrent-free-${CONCURRENT}`,
    kind: 'concurrent',
    title: `${CONCURRENT} invocations in flight, 150 B, ${PLACEMENT_TITLES.free}`,
    inFlight: CONCURRENT,
    without: ['pilotlight again', 'pilotlight undici'],
  },
  {
    ...warm('free', 150, { rounds: 10, warmUp: 0, invocations: 1 }),
    id: 'cold-free',
    kind: 'cold',
    title: `cold start, 150 B, ${PLACEMENT_TITLES.free}`,
    without: [BARE_PAIR],
  },
  {
    ...warm('split', 150, { rounds: 3, warmUp: 300, invocations: 700 }),
    id: 'phases',
    kind: 'phases',
    title: `phases of an invocation, 150 B, ${PLACEMENT_TITLES.split}`,
    variables: { BENCH_STAMP: '1' },
  },
  {
    ...warm('free', 150, { rounds: 10, warmUp: 0, invocations: 1 }),
    id: 'phases-cold',
    kind: 'phases',
    title: `phases of a cold start, 150 B, ${PLACEMENT_TITLES.free}`,
    variables: { BENCH_STAMP: '1' },
  },
];

/**
 * Whether a candidate takes part: not where it is left out, nor where events are larger than it takes or more of them
 * in flight. Only our own bootstrap stamps the phases; only in first invocations is one initialised ahead another.
 */
export function takesPart(scenario: Scenario, candidate: Candidate): boolean {
  const { name } = candidate.info;
  if (scenario.kind === 'phases') return name === PILOTLIGHT;
  if (name === AHEAD && scenario.kind !== 'first') return false;
  const { maxInFlight, maxEventBytes = Number.POSITIVE_INFINITY } = candidate;
  const canDo = scenario.inFlight <= maxInFlight && scenario.eventBytes <= maxEventBytes;
  return canDo && !scenario.without.includes(name);
}

/**
 * The one scenario of `--size` and `--placement`.
 *
 * @param eventBytes of each event
 */
export function singleScenario(placement: Placement, eventBytes: number): Scenario {
  const invocations = Math.min(2_000, Math.max(12, Math.round(RUN_BYTES / eventBytes)));
  return warm(placement, eventBytes, { rounds: 5, warmUp: Math.round(invocations / 4), invocations });
}

/**
 * The scenario of `--first`: each environment from its very first event on.
 *
 * @param eventBytes of each event
 * @param count how many events
 */
export function firstScenario(placement: Placement, eventBytes: number, count: number): Scenario {
  const scenario = warm(placement, eventBytes, { rounds: 20, warmUp: 0, invocations: count });
  return {
    ...scenario,
    id: scenario.id.replace('warm', `first-${count}`),
    kind: 'first',
    title: scenario.title.replace('warm', `the first ${count} invocations`),
  };
}

/** The same in a few seconds, which shows that everything works and nothing else. */
export function quick(scenario: Scenario): Scenario {
  const most = Math.min(QUICK_INVOCATIONS, Math.ceil(QUICK_BYTES / scenario.eventBytes));
  const invocations = scenario.kind === 'idle' ? 5 : Math.min(scenario.invocations, most);
  return {
    ...scenario,
    rounds: QUICK_ROUNDS,
    warmUp: Math.min(scenario.warmUp, 5, invocations),
    invocations,
  };
}

function warm(
  placement: Placement,
  eventBytes: number,
  counts: Counts,
  without: readonly string[] = [],
): Scenario {
  return {
    id: `warm-${placement}-${sizeText(eventBytes)
      .replace(' ', '')
      .replace('kB', 'k')
      .replace(/(?<=\d)B/, '')}`,
    kind: 'warm',
    title: `warm, ${sizeText(eventBytes)}, ${PLACEMENT_TITLES[placement]}`,
    placement,
    eventBytes,
    inFlight: 1,
    idleMs: 0,
    variables: {},
    without,
    ...counts,
  };
}

/** For people: `150 B`, `10 kB`, `5.9 MB`. */
function sizeText(bytes: number): string {
  if (bytes >= 1e6) return `${bytes / 1e6} MB`;
  return bytes >= 1e4 ? `${bytes / 1e3} kB` : `${bytes} B`;
}
