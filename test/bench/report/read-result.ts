import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import { Histogram } from '../histogram.ts';
import { type BenchResult, RESULT_FORMAT, RESULT_VERSION } from '../result.ts';

const HISTOGRAM = z.string().refine(isHistogram, 'expected a compressed HDR histogram in base64');
const AMOUNT = z.number().nonnegative();

const MACHINE = z.object({
  cpu: z.string(),
  cores: AMOUNT,
  memoryMiB: AMOUNT,
  kernel: z.string(),
  node: z.string(),
  load: AMOUNT,
  governor: z.string().exactOptional(),
  stealPercent: z.number().exactOptional(),
});

const CANDIDATE = z.object({
  name: z.string(),
  description: z.string(),
  versions: z.record(z.string(), z.string()),
  role: z.enum(['base', 'control', 'floor', 'peer']),
  repeats: z.string().exactOptional(),
});

const RUN = z.object({
  candidate: z.string(),
  round: z.int().nonnegative(),
  invocations: z.int().nonnegative(),
  latency: HISTOGRAM.exactOptional(),
  turnaround: HISTOGRAM.exactOptional(),
  perSecond: AMOUNT.exactOptional(),
  cpuUsPerInvocation: AMOUNT.exactOptional(),
  memory: z.object({ proportionalKiB: AMOUNT, privateKiB: AMOUNT }).exactOptional(),
  cold: z.object({ firstPollNs: AMOUNT, firstAnswerNs: AMOUNT }).exactOptional(),
  phases: z.array(z.object({ name: z.string(), medianNs: z.number() })).exactOptional(),
});

const SCENARIO = z.object({
  id: z.string(),
  kind: z.enum(['warm', 'first', 'idle', 'log', 'concurrent', 'cold', 'phases']),
  title: z.string(),
  placement: z.enum(['split', 'one', 'free']),
  eventBytes: AMOUNT,
  inFlight: AMOUNT,
  idleMs: AMOUNT,
  runs: z.array(RUN),
});

const HEAD = z.object({ format: z.literal(RESULT_FORMAT), version: z.int().positive() });

const RESULT = z.object({
  format: z.literal(RESULT_FORMAT),
  version: z.literal(RESULT_VERSION),
  startedAt: z.iso.datetime(),
  tookS: AMOUNT,
  command: z.string(),
  machine: MACHINE,
  candidates: z.array(CANDIDATE),
  scenarios: z.array(SCENARIO),
  warnings: z.array(z.string()),
});

/**
 * Reads a run that was written with `--json`.
 *
 * @param path of the file
 * @throws {ToolError} `CANNOT` when it cannot be read, `USAGE` when it holds no run, or one of a newer version
 */
export async function readResult(path: string): Promise<BenchResult> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ToolError('CANNOT', `Cannot read "${path}": ${(error as Error).message}`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notARun(path, (error as Error).message, error);
  }
  return parseResult(value, path);
}

/**
 * Checks that a value is the result of a run.
 *
 * @param value from outside
 * @param where it comes from, for the error
 * @throws {ToolError} `USAGE` when it is none, naming the part that is wrong, or one of a newer version
 */
export function parseResult(value: unknown, where = 'the result'): BenchResult {
  const head = HEAD.safeParse(value);
  if (!head.success) throw notARun(where, `expected "format": "${RESULT_FORMAT}" and its "version"`);
  if (head.data.version > RESULT_VERSION) {
    const message = `Cannot use "${where}": its version is ${head.data.version}, expected at most ${RESULT_VERSION}`;
    throw new ToolError('USAGE', message, { next: 'Update pilotlight, or measure again' });
  }
  const parsed = RESULT.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notARun(where, `${issue?.path.join('.')}: ${issue?.message}`, parsed.error);
}

function notARun(where: string, reason: string, cause?: unknown): ToolError {
  return new ToolError('USAGE', `Cannot use "${where}" as the result of a run: ${reason}`, {
    next: 'pilotlight bench --json > FILE',
    cause,
  });
}

function isHistogram(text: string): boolean {
  try {
    Histogram.decode(text);
    return true;
  } catch {
    return false;
  }
}
