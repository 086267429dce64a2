import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Call } from '../../runtime/cli/verb.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';
import { DIST, measure } from './bench.ts';
import { writePage } from './page/page.ts';
import { type BaselineReport, compareWithBaseline } from './report/baseline.ts';
import { readResult } from './report/read-result.ts';
import { writeTables } from './report/table.ts';
import { writeBaseline } from './report/write-baseline.ts';
import type { BenchResult } from './result.ts';

const REPORTS = join(DIST, 'reports');

/**
 * Measures, prints and writes reports.
 *
 * @param builder makes the layers that are measured
 * @param call the command line
 * @returns 1 when a comparison with a baseline found something worse
 * @throws {ToolError} what `measure` throws, and for a baseline that cannot be used
 */
export async function runBench(builder: Builder, call: Call): Promise<number> {
  const { values, output } = call;
  // Read first: it would be a pity to find it unreadable after minutes of measuring.
  const before = values.baseline === undefined ? undefined : await readResult(String(values.baseline));
  const result = await measure(builder, call);
  await writeReports(result, call);
  output.result(output.json ? `${JSON.stringify(result)}\n` : writeTables(result));
  if (before === undefined) return 0;
  const comparison = compareWithBaseline(result, before);
  const text = writeBaseline(comparison);
  if (output.json) output.note(text);
  else output.result(`\n${text}`);
  return foundWorse(comparison) ? 1 : 0;
}

/** On a machine that has become slower everything is worse: it counts where the ratio to the base is worse too. */
function foundWorse({ changes }: BaselineReport): boolean {
  return changes.some(
    ({ verdict, toBase }) => verdict === 'worse' && (toBase?.verdict ?? 'worse') === 'worse',
  );
}

/** Without `--html` both reports go where the verbs leave theirs. */
async function writeReports(result: BenchResult, { values, output }: Call): Promise<void> {
  const page = values.html === undefined ? join(REPORTS, 'bench.html') : String(values.html);
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, writePage(result));
  output.note(`wrote ${page}`);
  if (values.html !== undefined) return;
  await writeFile(join(REPORTS, 'bench.json'), `${JSON.stringify(result)}\n`);
}
