import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** A file waits for a third of its time; what it computes is done by processes of its own, one at a time mostly. */
const CONCURRENCY = availableParallelism() + 1;
/** A file that hangs is ended, and fails. Nothing forces it to exit earlier: what keeps it alive is a leak. */
const FILE_LIMIT_MS = 10 * 60_000;

/** A test that did not run, and why. */
export interface SkippedTest {
  readonly title: string;
  readonly reason: string;
  /** Relative to the working folder. */
  readonly file: string;
}

/** How long a file's tests took. */
export interface FileTime {
  /** Relative to the working folder. */
  readonly file: string;
  readonly durationMs: number;
}

/** What is known when all tests have run, before the summary is printed. */
export interface TestsDone {
  readonly skipped: readonly SkippedTest[];
  readonly fileTimes: readonly FileTime[];
  readonly durationMs: number;
}

/**
 * Runs test files in processes of their own and prints the report of Node's test runner.
 *
 * @param files absolute paths
 * @param options variables for the tests, a signal that stops them, where to print, and `beforeSummary`: what it
 *   returns is printed between the last test and the summary
 * @returns whether all tests passed
 */
export async function runTests(
  files: readonly string[],
  options: {
    environment: NodeJS.ProcessEnv;
    signal: AbortSignal;
    output: Writable;
    beforeSummary: (done: TestsDone) => Promise<string>;
  },
): Promise<boolean> {
  const { environment, signal, output, beforeSummary } = options;
  const events = run({
    files: [...files],
    concurrency: CONCURRENCY,
    timeout: FILE_LIMIT_MS,
    signal,
    env: environment,
  });
  const report = new spec();
  const printed = once(report, 'end');
  report.pipe(output, { end: false });

  const startedAt = performance.now();
  const skipped: SkippedTest[] = [];
  const fileTimes: FileTime[] = [];
  const summary: unknown[] = [];
  let passed = false;
  for await (const event of events) {
    if (event.type === 'test:pass' && event.data.skip !== undefined && event.data.skip !== false) {
      const { name, skip, file = '' } = event.data;
      const reason = skip === true ? 'no reason given' : skip;
      skipped.push({ title: name, reason, file: relative(process.cwd(), file) });
    }
    const ofWholeRun = 'file' in event.data ? event.data.file === undefined : true;
    if (event.type === 'test:summary') {
      const { file, duration_ms: durationMs, success } = event.data;
      if (file === undefined) passed = success;
      else fileTimes.push({ file: relative(process.cwd(), file), durationMs });
    }
    if (ofWholeRun && ['test:plan', 'test:diagnostic', 'test:summary'].includes(event.type))
      summary.push(event);
    else if (!report.write(event)) await once(report, 'drain');
  }
  const message = await beforeSummary({ skipped, fileTimes, durationMs: performance.now() - startedAt });
  // The reporter prints what a test file wrote as it is: so the lines keep their place in its output.
  report.write({ type: 'test:stdout', data: { message } });
  for (const event of summary) report.write(event);
  report.end();
  await printed;
  return passed;
}
