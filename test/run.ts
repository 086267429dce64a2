// Runs the tests: `node test/run.ts [FOLDER|FILE…]`. Beyond Node's own runner it says what was skipped and why, and
// looks for processes and files that the tests left behind.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { SHARED_VARIABLE } from './helpers/made-once.ts';
import { isSet } from './helpers/needs.ts';
import { findEntries, findProcesses, listOurs } from './runner/leftovers.ts';
import { type FileTime, runTests, type SkippedTest } from './runner/run-tests.ts';
import { testFiles } from './runner/test-files.ts';

/** Those with long files first: a long one that began last would have a processor to itself while the other has none. */
const FOLDERS = ['test/chaos', 'test/integration', 'test/conformance', 'test/unit'];
/** Several times what all tests take on a small machine, since one that does other work beside is slow. */
const LIMIT_MS = 40 * 60_000;
/** A process that was killed last may still be on its way out. */
const ENDING_MS = 1_000;
const POLL_MS = 50;
/** How many of the files that took longest are named. */
const SLOWEST = 10;
/** Where Node keeps compiled code: of our sources, which takes half the time to load them, and of npm. No leftover. */
const NODE_CACHE = 'node-compile-cache';
/** What is made once for all files. */
const SHARED = 'shared';

const strict = isSet(process.env.CI);
const files = testFiles(process.argv.length > 2 ? process.argv.slice(2) : FOLDERS);
if (files.length === 0) {
  process.stderr.write('Cannot find a test file there: expected names that end in ".test.ts"\n');
  process.exit(2);
}

// The tests' own folder for temporary files: what is left in it, and whose traces show it, is theirs. Its path is
// short because sockets lie below it.
const tmp = mkdtempSync(join(tmpdir(), 'pl-'));
mkdirSync(join(tmp, SHARED));
const sharedBefore = new Set(listOurs(tmpdir()));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

let failedBeyondTests = false;
const passed = await runTests(files, {
  environment: {
    ...process.env,
    TMPDIR: tmp,
    NODE_COMPILE_CACHE: join(tmp, NODE_CACHE),
    [SHARED_VARIABLE]: join(tmp, SHARED),
  },
  signal: AbortSignal.any([interrupted.signal, AbortSignal.timeout(LIMIT_MS)]),
  output: process.stdout,
  async beforeSummary({ skipped, fileTimes, durationMs }) {
    const { ours, shared } = await collectLeftovers();
    failedBeyondTests = ours.length > 0 || (strict && skipped.length + shared.length > 0);
    return [
      '',
      ...describeSkipped(skipped),
      ...ours.map((what) => `left behind: ${what}`),
      ...shared.map((what) => `left behind, or meanwhile made by another program: ${what}`),
      ...describeSlowest(fileTimes),
      `tests took ${inSeconds(durationMs)}\n`,
    ].join('\n');
  },
});
if (interrupted.signal.aborted) process.exitCode = 130;
else process.exitCode = passed && !failedBeyondTests ? 0 : 1;

/** Lists what the tests left behind, then ends and removes what is theirs for certain. */
async function collectLeftovers(): Promise<{ ours: string[]; shared: string[] }> {
  const deadline = performance.now() + ENDING_MS;
  while (findProcesses(tmp).length > 0 && performance.now() < deadline) await setTimeout(POLL_MS);
  const processes = findProcesses(tmp);
  const entries = readdirSync(tmp)
    .filter((name) => name !== NODE_CACHE && name !== SHARED)
    .map((name) => join(tmp, name));
  // Programs under test that were started without TMPDIR. A failure only where CI is set: nothing else runs there.
  const shared = findEntries(tmpdir(), sharedBefore).map((name) => join(tmpdir(), name));
  for (const { pid } of processes) killIfThere(pid);
  rmSync(tmp, { recursive: true, force: true });
  return { ours: [...processes.map(({ pid, command }) => `process ${pid}: ${command}`), ...entries], shared };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function describeSkipped(skipped: readonly SkippedTest[]): string[] {
  if (skipped.length === 0) return [];
  const verdict = strict ? ', which is a failure with CI set' : '';
  return [
    `${skipped.length} skipped${verdict}`,
    ...skipped.map((one) => `  ${one.title} (${one.file}): ${one.reason}`),
  ];
}

/** Nothing for a run so small that its own report says it. */
function describeSlowest(fileTimes: readonly FileTime[]): string[] {
  if (fileTimes.length <= SLOWEST) return [];
  const slowest = [...fileTimes].sort((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
  return ['slowest files', ...slowest.map(({ file, durationMs }) => `  ${inSeconds(durationMs)}  ${file}`)];
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
