import { createRandom, type Random } from '../helpers/random.ts';
import { ALL_FAULTS } from './all-faults.ts';
import type { Fault } from './fault.ts';
import type { ChaosEvent } from './function-bundle.ts';

/** Up to here what waits, or is frozen, does so, in milliseconds. */
const MAX_PAUSE_MS = 25;
/** One event in so many is large enough to flow through the bootstrap. */
const LARGE_EVERY = 20;
const LARGE_BYTES = 100_000;
const SMALL_BYTES = 200;
/** A second fault of another side is found at once; none at all only if there were no other side. */
const PARTNER_TRIES = 100;

/** An invocation, and what goes wrong with it. */
export interface PlannedInvocation {
  readonly id: string;
  readonly event: ChaosEvent;
  readonly faults: readonly Fault[];
  readonly pauseMs: number;
}

/** A run, from its seed. */
export interface Plan {
  readonly seed: number;
  /** One environment serves all of these. */
  readonly main: readonly PlannedInvocation[];
  /** What may end environments, in turn with invocations that do not. */
  readonly endings: readonly PlannedInvocation[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly count: number;
  /** Parts of 1 that have a fault, and two. */
  readonly faultShare: number;
  readonly doubleShare: number;
  readonly faults?: readonly Fault[];
}

/**
 * Draws a run: each fault as often as any other, in any order.
 *
 * @param options the seed, the size, and how much goes wrong
 */
export function makePlan(options: PlanOptions): Plan {
  const { seed, count, faultShare, doubleShare, faults = ALL_FAULTS } = options;
  const random = createRandom(seed);
  const faulty = Math.ceil(count * faultShare);
  const dealt = Array.from({ length: faulty }, (_, index) => [faults[index % faults.length] as Fault]);
  const partners = faults.filter(({ endsEnvironment }) => endsEnvironment !== true);
  const doubles = dealt.filter(([fault]) => fault?.endsEnvironment !== true);
  for (const set of doubles.slice(0, Math.ceil(count * doubleShare))) {
    const partner = findPartner(random, set[0] as Fault, partners);
    if (partner !== undefined) set.push(partner);
  }
  const all = shuffle(random, [...dealt, ...Array.from({ length: count - faulty }, (): Fault[] => [])]);
  const numbered = all.map((set, n) => draw(random, seed, n, set));
  const isEnding = ({ faults }: PlannedInvocation) => faults.some((fault) => fault.endsEnvironment === true);
  const endings = numbered.filter(isEnding);
  const clean = numbered.filter(({ faults }) => faults.length === 0);
  // From all over the run, which would else have faults alone where they were taken.
  const step = Math.max(1, Math.floor(clean.length / Math.max(1, endings.length)));
  const plain = clean.filter((_, index) => index % step === 0).slice(0, endings.length);
  const taken = new Set([...endings, ...plain]);
  return {
    seed,
    main: numbered.filter((invocation) => !taken.has(invocation)),
    endings: endings.flatMap((ending, index) => [ending, plain[index] ?? []].flat()),
  };
}

/** Of another side, and without a second word about what the caller gets. */
function findPartner(random: Random, fault: Fault, partners: readonly Fault[]): Fault | undefined {
  for (let tries = 0; tries < PARTNER_TRIES; tries++) {
    const partner = random.pick(partners);
    const areClear = fault.errorType === undefined || partner.errorType === undefined;
    if (partner.side !== fault.side && areClear) return partner;
  }
  return undefined;
}

function draw(random: Random, seed: number, n: number, faults: readonly Fault[]): PlannedInvocation {
  const least = Math.max(SMALL_BYTES, ...faults.map(({ eventBytes }) => eventBytes ?? 0));
  const isLarge = n % LARGE_EVERY === 0 && !faults.some(({ isSmall }) => isSmall === true);
  const bytes = isLarge ? Math.max(LARGE_BYTES, least) : least;
  const text = String.fromCharCode(97 + random.below(26)).repeat(bytes + random.below(100));
  const fault = faults.find(({ inWorker }) => inWorker !== undefined)?.name;
  return { id: `${seed}-${n}`, event: { n, text, fault }, faults, pauseMs: 1 + random.below(MAX_PAUSE_MS) };
}

function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
