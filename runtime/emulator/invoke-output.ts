import { z } from 'zod';
import type { Output } from '../cli/output.ts';

/** Answer and figures of one invocation, from wherever it ran. What is not known is undefined. */
export interface InvokeOutcome {
  readonly statusCode: number;
  readonly functionError: string | undefined;
  readonly executedVersion: string | undefined;
  readonly payload: Uint8Array;
  readonly requestId: string;
  /** From the call to the answer. */
  readonly elapsedMs: number;
  readonly start: 'cold' | 'warm' | undefined;
  readonly initMs?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly billedMs?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly logTail: string | undefined;
}

/** Takes a part of a streamed answer. */
export type TakePart = (part: Uint8Array) => void;

const FUNCTION_ERROR = z.object({
  errorType: z.string().optional(),
  errorMessage: z.string().optional(),
  trace: z.array(z.string()).optional(),
  stackTrace: z.array(z.string()).optional(),
});

/** The answer itself, as bytes; `line` asks for an end of line after it. */
export function answerText({ payload }: Pick<InvokeOutcome, 'payload'>, line: boolean): Uint8Array {
  return line ? Buffer.concat([payload, Buffer.from('\n')]) : payload;
}

/** The answer with all that is known about it, as one line of JSON. */
export function jsonText(outcome: InvokeOutcome): string {
  const { payload, memoryBytes, ...rest } = outcome;
  const memoryMiB = memoryBytes === undefined ? undefined : Math.ceil(memoryBytes / 2 ** 20);
  return `${JSON.stringify({ ...rest, memoryMiB, payload: parsePayload(payload) })}\n`;
}

/** A function error for people: type and message, then the trace. */
export function errorText({ payload, functionError }: InvokeOutcome, output: Output): string {
  const parsed = FUNCTION_ERROR.safeParse(parsePayload(payload));
  const { errorType = functionError ?? 'Error', errorMessage = '', ...traces } = parsed.data ?? {};
  // The first line of a JavaScript trace repeats type and message.
  const trace = (traces.trace ?? traces.stackTrace ?? []).filter(
    (line) => !line.startsWith(`${errorType}: `),
  );
  return [`${output.style('red', errorType)}  ${errorMessage}`, ...trace].join('\n');
}

/** One line with the figures of an invocation. */
export function figuresText(outcome: InvokeOutcome): string {
  const { start, elapsedMs, initMs, durationMs, memoryBytes, requestId } = outcome;
  return [
    `${start ?? 'answered'} ${ms(elapsedMs)}`,
    initMs === undefined ? '' : `init ${ms(initMs)}`,
    durationMs === undefined ? '' : `duration ${ms(durationMs)}`,
    memoryBytes === undefined ? '' : `memory ${Math.ceil(memoryBytes / 2 ** 20)} MB`,
    `request ${requestId}`,
  ]
    .filter((field) => field !== '')
    .join('   ');
}

/** The figures of several invocations: the cold ones each, the others as median with their bounds. */
export function spreadText(outcomes: readonly InvokeOutcome[]): string {
  const cold = outcomes.filter(({ start }) => start === 'cold');
  const warm = outcomes.filter(({ start }) => start !== 'cold').map(({ elapsedMs }) => elapsedMs);
  const lines = cold.map(({ elapsedMs, initMs }) => `cold  ${ms(elapsedMs)}   init ${ms(initMs ?? 0)}`);
  if (warm.length > 0) {
    const sorted = warm.toSorted((a, b) => a - b);
    const [min = 0, median = 0, max = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
    lines.push(`warm  ${ms(median)} median   ${ms(min)} min   ${ms(max)} max   ${warm.length} runs`);
  }
  return lines.join('\n');
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

function parsePayload(payload: Uint8Array): unknown {
  const text = Buffer.from(payload).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
