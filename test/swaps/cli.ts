// Swaps the code of a function under load: `node test/swaps/cli.ts [--swaps N] [--clients N] [--broken N] [--saves N]
// [--json]`. The exit code is 1 when an invocation fails or anything is left behind.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeSwaps } from './report.ts';
import { runSwaps } from './run-swaps.ts';

const INTERRUPTED = 130;

const { values } = parseArgs({
  options: {
    swaps: { type: 'string', default: '200' },
    clients: { type: 'string', default: '8' },
    broken: { type: 'string', default: '50' },
    saves: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
  },
});
const [swaps = 0, clients = 0, broken = 0, saves = 0] = [
  values.swaps,
  values.clients,
  values.broken,
  values.saves,
].map(Number);
if (![swaps, clients, broken, saves].every((count) => Number.isInteger(count) && count > 0)) {
  process.stderr.write(
    'Cannot use --swaps, --clients, --broken or --saves: expected whole numbers above 0\n',
  );
  process.exit(2);
}
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
try {
  const result = await runSwaps({
    swaps,
    clients,
    broken,
    saves,
    signal: stopping.signal,
    note: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : writeSwaps(result));
  process.exitCode = result.problems.length === 0 ? 0 : 1;
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.exitCode = INTERRUPTED;
}
