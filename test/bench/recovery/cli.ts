// Measures how long callers wait for a worker that died: `node test/bench/recovery/cli.ts [ROUNDS]`.
import process from 'node:process';
import { markdownTable } from '../report/markdown-table.ts';
import { watchMachine } from '../run/machine.ts';
import { median } from '../statistics/median.ts';
import { measureRound, type Round } from './measure.ts';

const DEFAULT_ROUNDS = 20;

const ROWS = [
  ['a Node worker starts', 'startMs'],
  ['first death, next answer', 'firstMs'],
  ['second death, next answer', 'secondMs'],
] as const satisfies [string, keyof Round][];

const count = Number(process.argv[2] ?? DEFAULT_ROUNDS);
const readMachine = watchMachine();
const rounds: Round[] = [];
while (rounds.length < count) rounds.push(await measureOnce());
process.stdout.write(`${toTable(rounds)}\n`);
const { cpu, cores, kernel, node, load } = readMachine();
process.stderr.write(
  `${count} rounds; ${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}, load ${load.toFixed(1)}\n`,
);

async function measureOnce(): Promise<Round> {
  const cleaners: (() => void | Promise<void>)[] = [];
  try {
    return await measureRound({ after: (clean) => cleaners.push(clean) });
  } finally {
    // The folder was made first, and outlives what runs in it.
    for (const clean of cleaners.reverse()) await clean();
  }
}

/** Ratios are of the same round: what slows the machine down slows both. */
function toTable(all: readonly Round[]): string {
  const rows = ROWS.map(([title, key]) => ({
    title,
    ms: all.map((round) => round[key]),
    ratios: all.map((round) => round[key] / round.startMs),
  }));
  const spread = (values: readonly number[], digits: number) =>
    `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`;
  return markdownTable(
    [
      { title: 'until', align: 'left', cell: ({ title }) => title },
      { title: 'p50 ms', align: 'right', cell: ({ ms }) => median(ms)?.toFixed(1) ?? '' },
      { title: 'rounds', align: 'right', cell: ({ ms }) => spread(ms, 1) },
      { title: 'to a start', align: 'right', cell: ({ ratios }) => median(ratios)?.toFixed(2) ?? '' },
      { title: 'rounds', align: 'right', cell: ({ ratios }) => spread(ratios, 2) },
    ],
    rows,
  );
}
