import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ToolError } from '../cli/tool-error.ts';
import type { Call } from '../cli/verb.ts';
import type { Builder } from './builder.ts';
import { parseNumber, parseRunOptions } from './cli-options.ts';
import { invokeLocal } from './invoke-local.ts';
import {
  answerText,
  errorText,
  figuresText,
  type InvokeOutcome,
  jsonText,
  spreadText,
  type TakePart,
} from './invoke-output.ts';
import { invokeRemote } from './invoke-remote.ts';
import { sourceKind } from './prepare-function.ts';

const MAX_REPEAT = 1_000_000;
const NOTHING = { payload: Buffer.alloc(0) };

/** Sends an event, as often as it was asked to. */
export type Invoker = (
  event: Uint8Array,
  repeat: number,
  take: TakePart | undefined,
) => AsyncIterable<InvokeOutcome>;

/**
 * Sends an event to a function and prints its answer.
 *
 * @param builder makes what is not built yet
 * @param call the command line
 * @param shell the variables of the shell
 * @returns 1 when the function answered with an error
 */
export async function runInvoke(builder: Builder, call: Call, shell: NodeJS.ProcessEnv): Promise<number> {
  const { values, output, signal } = call;
  const event = await readEvent(String(values.event ?? '{}'), signal);
  const repeat = parseNumber('repeat', values.repeat ?? 1, 1, MAX_REPEAT);
  const invoker = await chooseInvoker(builder, call, shell);
  const outcomes: InvokeOutcome[] = [];
  const streams = values.stream === true;
  const parts: Uint8Array[] = [];
  const take = (part: Uint8Array) => void (output.json ? parts.push(part) : output.result(part));
  for await (const rest of invoker(event, repeat, streams ? take : undefined)) {
    const failed = rest.functionError !== undefined;
    // A streamed answer that failed is what came before the error; the error itself is no part of it.
    const payload = failed ? rest.payload : Buffer.concat([...parts.splice(0), rest.payload]);
    const outcome = { ...rest, payload };
    outcomes.push(outcome);
    const line = repeat > 1 || process.stdout.isTTY;
    if (output.json) output.result(jsonText(outcome));
    else output.result(answerText(streams && failed ? NOTHING : outcome, line));
    if (values.log === true) output.always(outcome.logTail?.trimEnd() ?? 'No log was returned');
    if (outcome.functionError !== undefined) output.always(errorText(outcome, output));
    if (repeat === 1) output.note(figuresText(outcome));
    signal.throwIfAborted();
  }
  if (repeat > 1) output.note(spreadText(outcomes));
  return outcomes.some(({ functionError }) => functionError !== undefined) ? 1 : 0;
}

async function chooseInvoker(builder: Builder, call: Call, shell: NodeJS.ProcessEnv): Promise<Invoker> {
  const { positionals, values } = call;
  const target = positionals[0];
  const endpoint = values['endpoint-url'] === undefined ? undefined : String(values['endpoint-url']);
  if (endpoint === undefined) {
    const source = target ?? '.';
    const kind = await sourceKind(source);
    if (kind !== undefined) {
      const options = await parseRunOptions(values, shell);
      return (...how) => invokeLocal(builder, call, source, options, ...how);
    }
    if (/[./]/.test(source)) {
      throw new ToolError('USAGE', `Cannot find "${source}", expected a folder, a zip or a function's name`);
    }
  }
  if (target === undefined)
    throw new ToolError('USAGE', 'Expected the name of a function beside --endpoint-url');
  const wantsLog = values.log === true;
  return (...how) => invokeRemote({ name: target, endpoint, wantsLog, signal: call.signal }, shell, ...how);
}

async function readEvent(text: string, signal: AbortSignal): Promise<Uint8Array> {
  if (text === '-') return buffer(addAbortSignal(signal, process.stdin));
  if (!text.startsWith('@')) return Buffer.from(text);
  const path = text.slice(1);
  try {
    return await readFile(path);
  } catch (error) {
    throw new ToolError('USAGE', `Cannot read event "${path}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}
