import { Histogram } from '../../../bench/histogram.ts';
import {
  type BenchResult,
  type CandidateInfo,
  RESULT_FORMAT,
  RESULT_VERSION,
  type RunResult,
  type ScenarioResult,
} from '../../../bench/result.ts';
import { createRandom, type Random } from '../../../helpers/random.ts';

/** Medians in microseconds at 150 B, in the order of magnitude that such runtimes have, and what else differs. */
interface Shape {
  readonly info: CandidateInfo;
  readonly warmUs: number;
  /** From the answer to the next poll. */
  readonly pollUs: number;
  readonly firstPollMs: number;
  readonly perSecond: number;
  readonly privateMiB: number;
  readonly megabyteMs: number;
}

const ROUNDS = 5;
const INVOCATIONS = 2_000;
const PHASES = [
  ['received', 22],
  ['forwarded', 9],
  ['handler', 18],
  ['returned', 14],
  ['posted', 8],
  ['answered', 21],
] as const;

const SHAPES: readonly Shape[] = [
  shape('pilotlight', 'own framing, worker process', 'peer', [90, 20, 29, 23_500, 72, 8.6]),
  shape('pilotlight-pipe', 'own framing, next poll with the answer', 'peer', [89, 3, 29, 24_100, 72, 8.5]),
  shape('pilotlight-undici', 'undici on both legs', 'peer', [228, 70, 96, 7_400, 117, 10.3]),
  shape('official-node', 'official Node client, native part', 'base', [137, 60, 27, 11_000, 61, 10.4]),
  shape('official-again', 'official Node client once more', 'control', [137, 60, 27, 11_000, 61, 10.4]),
  shape('floor', 'one Node process that sends the event back', 'floor', [68, 8, 25, 29_000, 55, 7]),
  shape('python', 'official Python client', 'peer', [205, 55, 24, 18_200, 34, 27.2]),
  shape('go', 'official Go client', 'peer', [182, 40, 3, 17_300, 16, 25.8]),
  shape('rust', 'official Rust client', 'peer', [125, 22, 2, 21_000, 9, 11.6]),
  shape('web-adapter', 'AWS Lambda Web Adapter before node:http', 'peer', [331, 120, 62, 5_300, 92, 21.3]),
  shape('bash', 'a loop with curl', 'peer', [5_400, 5_800, 9, 180, 6, 75]),
];

/**
 * Makes the result of a run that never was, with every kind of scenario: the same for the same seed.
 *
 * @param seed of the generator
 * @returns the result, with microseconds as they are seen on small machines
 */
export function sampleResult(seed = 4): BenchResult {
  const random = createRandom(seed);
  const warm = (id: string, title: string, more: Partial<ScenarioResult>, scale = (s: Shape) => s.warmUs) =>
    scenario({ id, kind: 'warm', title, ...more }, (s, round) => measured(random, s, round, scale(s)));
  const split = 'driver and environment on a core each';
  const scenarios = [
    warm('warm-split-150', `warm, 150 B, ${split}`, {}),
    warm('warm-one-150', 'warm, 150 B, all on one core', { placement: 'one' }, (s) => s.warmUs * 0.34),
    warm(
      'warm-free-1000000',
      'warm, 1 MB, cores free',
      { eventBytes: 1_000_000 },
      (s) => s.megabyteMs * 1000,
    ),
    warm('first-20-split-150', 'the first 20 invocations', { kind: 'first' }, (s) => s.warmUs * 3),
    warm('idle-free-150', 'after 20 ms of idle', { kind: 'idle', idleMs: 20 }, (s) => s.warmUs + 320),
    warm('log-split-150', 'one log line an invocation', { kind: 'log' }, (s) => s.warmUs * 1.2 + 12),
    scenario({ id: 'concurrent-8', kind: 'concurrent', title: '8 in flight', inFlight: 8 }, (s, round) => ({
      ...measured(random, s, round, 8e6 / s.perSecond),
      perSecond: s.perSecond * (0.95 + uniform(random) * 0.1),
    })),
    scenario({ id: 'cold', kind: 'cold', title: 'cold start' }, (s, round) => cold(random, s, round)),
    scenario(
      { id: 'phases', kind: 'phases', title: 'phases of an invocation, 150 B' },
      (s, round) => phases(random, s, round),
      SHAPES.slice(0, 2),
    ),
  ];
  return {
    format: RESULT_FORMAT,
    version: RESULT_VERSION,
    startedAt: '2026-11-21T07:30:00.000Z',
    tookS: 284.2,
    command: 'pilotlight bench --rounds 5 --html bench.html',
    machine: {
      cpu: 'Example Xeon 2.9 GHz',
      cores: 2,
      memoryMiB: 24_090,
      kernel: 'Linux 6.18',
      node: '24.21.0',
      load: 0.31,
    },
    candidates: SHAPES.map(({ info }) => info),
    scenarios,
    warnings: [
      '"warm, 1 MB, cores free": rounds differ by 18 %; run again on a quiet machine or with more rounds',
    ],
  };
}

function shape(
  name: string,
  description: string,
  role: CandidateInfo['role'],
  [warmUs, pollUs, firstPollMs, perSecond, privateMiB, megabyteMs]: [
    number,
    number,
    number,
    number,
    number,
    number,
  ],
): Shape {
  const repeats = role === 'control' ? { repeats: 'official-node' } : {};
  const info = { name, description, role, versions: { node: '24.21.0' }, ...repeats };
  return { info, warmUs, pollUs, firstPollMs, perSecond, privateMiB, megabyteMs };
}

function scenario(
  about: Pick<ScenarioResult, 'id' | 'kind' | 'title'> & Partial<ScenarioResult>,
  run: (shape: Shape, round: number) => RunResult,
  shapes = SHAPES,
): ScenarioResult {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => shapes.map((each) => run(each, round)));
  const defaults = { placement: 'split', eventBytes: 150, inFlight: 1, idleMs: 0 } as const;
  return { ...defaults, ...about, runs: rounds.flat() };
}

function measured(
  random: Random,
  { info, pollUs, privateMiB }: Shape,
  round: number,
  medianUs: number,
): RunResult {
  const roundUs = medianUs * Math.exp(normal(random) * 0.04);
  const latency = Histogram.create();
  const turnaround = Histogram.create();
  for (let at = 0; at < INVOCATIONS; at += 1) {
    const us = latencyUs(random, roundUs);
    latency.record(us * 1000);
    turnaround.record((us + pollUs * Math.exp(normal(random) * 0.15)) * 1000);
  }
  return {
    candidate: info.name,
    round,
    invocations: INVOCATIONS,
    latency: latency.encode(),
    turnaround: turnaround.encode(),
    perSecond: 1e9 / turnaround.mean,
    cpuUsPerInvocation: roundUs * 0.7,
    memory: { proportionalKiB: Math.round(privateMiB * 1100), privateKiB: Math.round(privateMiB * 1024) },
  };
}

/** Most are near the median, some are late, few are very late: collection of garbage and the scheduler. */
function latencyUs(random: Random, medianUs: number): number {
  const near = medianUs * Math.exp(normal(random) * 0.12);
  if (random.chance(0.03)) return near * (1.3 + uniform(random) * 1.2);
  if (random.chance(0.003)) return near + 700 + uniform(random) * 1500;
  return near;
}

function cold(random: Random, { info, firstPollMs, warmUs }: Shape, round: number): RunResult {
  const firstPollNs = firstPollMs * 1e6 * Math.exp(normal(random) * 0.06);
  const firstAnswerNs = firstPollNs + warmUs * 1000 * (6 + uniform(random) * 4);
  const whole = { firstPollNs: Math.round(firstPollNs), firstAnswerNs: Math.round(firstAnswerNs) };
  return { candidate: info.name, round, invocations: 1, cold: whole };
}

function phases(random: Random, { info }: Shape, round: number): RunResult {
  const part = ([name, us]: (typeof PHASES)[number]) => ({
    name,
    medianNs: Math.round(us * 1000 * (0.9 + uniform(random) * 0.2)),
  });
  return { candidate: info.name, round, invocations: INVOCATIONS, phases: PHASES.map(part) };
}

function uniform(random: Random): number {
  return (random.below(2 ** 30) + 0.5) / 2 ** 30;
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}
