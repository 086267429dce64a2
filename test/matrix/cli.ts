// Runs one bundle under every interpreter in every mode, compares what they answer and measures them:
// `node test/matrix/cli.ts [--quick] [--json]`. The exit code is 1 when one differs that should not.
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { builder } from '../../layers/builder.ts';
import { writeMatrix } from './report.ts';
import { runMatrix } from './run-matrix.ts';

const DIST = join(import.meta.dirname, '../../dist');
const INTERRUPTED = 130;

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
try {
  const result = await runMatrix({
    builder,
    dist: DIST,
    isQuick: values.quick === true,
    signal: stopping.signal,
    note: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(values.json === true ? `${JSON.stringify(result)}\n` : writeMatrix(result));
  process.exitCode = result.differences.some(({ reason }) => reason === undefined) ? 1 : 0;
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.exitCode = INTERRUPTED;
}
