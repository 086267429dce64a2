import { ToolError } from '../cli/tool-error.ts';
import type { Call } from '../cli/verb.ts';
import type { Builder } from './builder.ts';
import type { RunOptions } from './cli-options.ts';
import type { AnswerStream } from './invocation.ts';
import type { InvokeOutcome, TakePart } from './invoke-output.ts';
import { MAX_SYNC_EVENT_BYTES, parseEvent, requireEventSize } from './invoke-request.ts';
import { type InvokeResult, startLocalLambda } from './local-lambda.ts';
import { prepareFunction } from './prepare-function.ts';
import { ServiceError } from './service-error.ts';
import { makeWorkFolder } from './work-folder.ts';

/**
 * Invokes a function in one environment of its own, which ends afterwards.
 *
 * @param source the function's folder or zip
 * @param event its bytes
 * @param repeat how often, one after the other
 * @param take gets the parts of a streamed answer as they come; without it the answer is collected
 * @throws {ToolError} `USAGE` for an event that Lambda would refuse
 */
export async function* invokeLocal(
  builder: Builder,
  call: Call,
  source: string,
  { overrides, ...options }: RunOptions,
  event: Uint8Array,
  repeat: number,
  take: TakePart | undefined,
): AsyncGenerator<InvokeOutcome> {
  const { output, signal } = call;
  // Before the function is built, which may take long.
  requireUsable(event);
  const build = await makeWorkFolder();
  let lambda: Awaited<ReturnType<typeof startLocalLambda>>;
  let name: string;
  try {
    const out = await build.make('function');
    const note = (line: string) => output.note(line);
    const fn = await prepareFunction(source, { builder, overrides, out, signal, note });
    name = fn.settings.name;
    const log = (line: string) => output.detail(line);
    lambda = await startLocalLambda({ ...options, functions: [fn], maxEnvironments: 1, signal, log });
  } finally {
    await build.remove();
  }
  const stream: AnswerStream | undefined = take && {
    begin() {},
    write: (chunk) => void take(chunk),
  };
  const stop = () => lambda.stop();
  signal.addEventListener('abort', stop);
  try {
    output.detail(`isolation ${lambda.isolation.name}: ${lambda.isolation.reason}`);
    output.detail(`memory ${lambda.memory}`);
    for (let count = 0; count < repeat; count += 1) {
      signal.throwIfAborted();
      yield toOutcome(await lambda.invoke(name, event, { stream }));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await stop();
  }
}

function requireUsable(event: Uint8Array): void {
  try {
    requireEventSize(event.length, 'RequestResponse');
    parseEvent(event);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const next =
      event.length > MAX_SYNC_EVENT_BYTES
        ? 'leave the data where the function can read it, and send its place'
        : `quote JSON for the shell, as in --event '{"a":1}', or name a file: --event @FILE`;
    throw new ToolError('USAGE', `Cannot use the event: ${error.name}: ${error.message}`, {
      next,
      cause: error,
    });
  }
}

function toOutcome(result: InvokeResult): InvokeOutcome {
  const { requestId, durationMs, billedMs, initMs, memoryBytes, elapsedMs } = result;
  return {
    statusCode: 200,
    functionError: result.failed ? 'Unhandled' : undefined,
    executedVersion: '$LATEST',
    payload: result.payload,
    requestId,
    elapsedMs,
    start: initMs === undefined ? 'warm' : 'cold',
    initMs,
    durationMs,
    billedMs,
    memoryBytes,
    logTail: Buffer.from(result.logTail).toString('utf8'),
  };
}
