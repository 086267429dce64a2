import { REPLACE_HEADER } from '../protocol.ts';
import { settleByReturn } from './adapters/async.ts';
import { createCallback, createContextCallbacks } from './adapters/callback.ts';
import type { Handler, StreamingHandler } from './adapters/handler.ts';
import type { Answer, InvocationRequest } from './answer.ts';
import type { createContextMaker } from './context.ts';
import { describeError, errorCategory, errorFields, HostError, type MapStack } from './errors.ts';
import { createReportFailure } from './failure-report.ts';
import { ERROR_TYPE_HEADER, JSON_TYPE_LINE } from './lambda-headers.ts';
import type { Deadlines } from './lifecycle/deadlines.ts';
import type { Scopes } from './logging/invocation-scope.ts';
import type { Logger } from './logging/logger.ts';
import { parseEvent, writeResult } from './payload.ts';
import { type Outcome, Settlement } from './settlement.ts';
import { readStreamingTag } from './stream/awslambda.ts';
import type { ResponseStream } from './stream/response-stream.ts';
import { isStreamed } from './stream/streamed-value.ts';
import { createStreams } from './stream/streams.ts';

export interface InvokerOptions {
  readonly handler: Handler | StreamingHandler;
  readonly mapStack: MapStack;
  readonly deadlines: Deadlines;
  /** Makes the handler's second argument. */
  readonly createContext: ReturnType<typeof createContextMaker>;
  /** The process's variables; the trace id of the running invocation is written there. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether several invocations may run at once. */
  readonly concurrent: boolean;
  /** Told for which invocation code runs. */
  readonly scopes: Scopes;
  /** Told of failures. */
  readonly logger: Logger;
}

/** Runs invocations, without knowing how they came. */
export interface Invoker {
  /** Runs the handler, and ends the turn; `respond` is called once, within this call or later. */
  invoke(request: InvocationRequest, respond: (answer: Answer) => void): void;
  /** To be called when nothing but invocations keeps the process alive: ends those that nothing else can end. */
  endByEmptyLoop(): void;
  /**
   * Ends all running invocations, because an error costs the process; the one that the error comes from, where that is
   * known, is told the error, the others why they end. The result is whether any was told the error.
   */
  abort(error: unknown): boolean;
}

/** Managed runtimes tell the trace of the running invocation by it. */
export const TRACE_ID_VARIABLE = '_X_AMZN_TRACE_ID';

/**
 * Makes the invoker of a loaded handler.
 * @param options - the handler and what it runs in
 * @returns the invoker; it never throws
 * @throws HostError `Runtime.MalformedStreamingHandler`
 */
export function createInvoker(options: InvokerOptions): Invoker {
  const { handler, mapStack, deadlines, createContext, environment, concurrent, scopes, logger } = options;
  const reportFailure = createReportFailure(logger, mapStack);
  const running = new Set<Settlement>();
  const errors = {
    answer: (error: unknown, replace: boolean) => writeError(error, replace, mapStack),
    describe(error: unknown) {
      const described = describeError(error, mapStack);
      logger.logError('Invoke Error', described, errorFields(error), scopes.current());
      return described;
    },
  };
  const streams = createStreams(errors, running);
  const streaming = readStreamingTag(handler);
  if (streaming !== undefined) streams.load();

  function start(request: InvocationRequest, settlement: Settlement, stream?: ResponseStream): unknown {
    const context = createContext(request.requestId, request.header, createContextCallbacks(settlement));
    settlement.scope = scopes.enter(request.requestId, context.tenantId);
    // One variable cannot tell invocations apart that run at once: they have `context.xRayTraceId`.
    if (!concurrent) setTraceId(environment, context.xRayTraceId);
    const event = parseEvent(request.body);
    if (stream !== undefined) return (handler as StreamingHandler)(event, stream, context);
    const callback = createCallback(settlement, () => !concurrent && context.callbackWaitsForEmptyEventLoop);
    const returned = (handler as Handler)(event, context, callback);
    settlement.onEmptyLoop = settleByReturn(returned, handler.length, settlement, concurrent);
    return undefined;
  }

  return {
    invoke(request, deliver) {
      const respond = (answer: Answer): void => deliver(reportFailure(answer, request));
      const over = (): void => deadlines.end(request.requestId);
      if (streaming !== undefined) {
        streams.run((...to) => start(request, ...to), streaming.highWaterMark, respond, over);
        return;
      }
      const settlement = new Settlement((outcome) => {
        running.delete(settlement);
        let told = outcome;
        try {
          if (outcome.ok && isStreamed(outcome.value)) return streams.send(outcome.value, respond, over);
        } catch (error) {
          // A value of the user's, that throws when it is looked at.
          told = { ok: false, error };
        }
        over();
        respond(writeAnswer(told, mapStack));
      });
      running.add(settlement);
      settlement.runTurn(() => {
        try {
          start(request, settlement);
        } catch (error) {
          settlement.finish({ ok: false, error });
        }
      });
    },
    endByEmptyLoop() {
      for (const settlement of running) settlement.onEmptyLoop();
    },
    abort(error) {
      const origin = scopes.current();
      let wasTold = false;
      for (const settlement of running) {
        const isItsOwn = !concurrent || origin === undefined || settlement.scope === origin;
        wasTold ||= isItsOwn;
        settlement.abort({ ok: false, error: isItsOwn ? error : lostToAnother(), replace: true });
      }
      return wasTold;
    },
  };
}

/** Lambda's type for a process that ended. What ended it is not told: it may hold what is another caller's alone. */
function lostToAnother(): HostError {
  return new HostError(
    'Runtime.ExitError',
    'Cannot finish the invocation: another one that ran beside it left an error behind that ended the worker',
  );
}

export function setTraceId(environment: NodeJS.ProcessEnv, traceId: string | undefined): void {
  if (traceId === undefined) delete environment[TRACE_ID_VARIABLE];
  else environment[TRACE_ID_VARIABLE] = traceId;
}

function writeAnswer(outcome: Outcome, mapStack: MapStack): Answer {
  if (!outcome.ok) return writeError(outcome.error, outcome.replace ?? false, mapStack);
  try {
    return { status: 200, lines: JSON_TYPE_LINE, body: writeResult(outcome.value) };
  } catch (error) {
    return writeError(error, false, mapStack);
  }
}

function writeError(error: unknown, replace: boolean, mapStack: MapStack): Answer {
  const described = describeError(error, mapStack);
  const type = `${ERROR_TYPE_HEADER}: ${errorCategory(described.errorType)}\r\n`;
  return {
    status: 500,
    lines: JSON_TYPE_LINE + type + (replace ? `${REPLACE_HEADER}: 1\r\n` : ''),
    body: Buffer.from(JSON.stringify(described)),
    failure: { error, described },
  };
}
