// The chaos run: `node test/chaos/cli.ts [--count N] [--seed N] [--json]`.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { makePlan } from './plan.ts';
import { reportOf, writeReport } from './report.ts';
import { runChaos } from './run-chaos.ts';

const DEFAULT_COUNT = '10000';
const FAULT_SHARE = 0.3;
const DOUBLE_SHARE = 0.01;
const SEEDS = 2 ** 31;
const PROGRESS_EVERY = 1000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: DEFAULT_COUNT },
    seed: { type: 'string', default: String(Math.floor(Math.random() * SEEDS)) },
    env: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  process.stderr.write('Cannot use --count or --seed: expected whole numbers\n');
  process.exit(2);
}
process.stderr.write(`${count} invocations, seed ${seed}\n`);
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
const plan = makePlan({ seed, count, faultShare: FAULT_SHARE, doubleShare: DOUBLE_SHARE });
const run = await runChaos(plan, {
  variables: Object.fromEntries(values.env.map((pair) => pair.split('=', 2))),
  signal: stopping.signal,
  onProgress(done) {
    if (done % PROGRESS_EVERY === 0) process.stderr.write(`${done} of ${count}\n`);
  },
});
const report = reportOf(run);
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : writeReport(report));
if (stopping.signal.aborted) process.exitCode = 130;
else process.exitCode = report.problems.length === 0 ? 0 : 1;
