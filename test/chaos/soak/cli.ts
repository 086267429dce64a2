// A steady load for a long time: `node test/chaos/soak/cli.ts [--minutes N] [--rate N] [--seed N] [--json]`.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.ts';
import { writeSoakReport } from './soak-report.ts';

const MINUTE_MS = 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const [minutes, perSecond, seed] = [Number(values.minutes), Number(values.rate), Number(values.seed)];
if (!(minutes > 0 && perSecond > 0 && Number.isInteger(seed))) {
  process.stderr.write('Cannot use --minutes, --rate or --seed: expected numbers above 0\n');
  process.exit(2);
}
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
const run = await runSoak({
  seed,
  durationMs: minutes * MINUTE_MS,
  windowMs: Math.min(1, minutes) * MINUTE_MS,
  perSecond,
  signal: stopping.signal,
  onWindow: ({ endMs, invocations, p99Ms }) =>
    process.stderr.write(
      `${(endMs / MINUTE_MS).toFixed(1)} min: ${invocations} invocations, p99 ${p99Ms.toFixed(2)} ms\n`,
    ),
}).catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error;
  process.exit(130);
});
process.stdout.write(values.json ? `${JSON.stringify(run)}\n` : writeSoakReport(run));
process.exitCode = run.problems.length === 0 ? 0 : 1;
