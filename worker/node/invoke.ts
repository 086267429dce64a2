import { settleByReturn } from './adapters/async.ts';
import { createCallback, createContextCallbacks } from './adapters/callback.ts';
import type { Handler } from './adapters/handler.ts';
import { createContext, type HeaderLookup, readFunctionInfo } from './context.ts';
import { createFailInvocation } from './error-answer.ts';
import { describeError, HostError, type MapStack } from './errors.ts';
import type { InvocationScope, Scopes } from './logging/invocation-scope.ts';
import type { Logger } from './logging/logger.ts';
import { parseEvent, writeResult } from './payload.ts';
import { type Outcome, Settlement } from './settlement.ts';

export interface InvocationRequest {
  readonly requestId: string;
  readonly header: HeaderLookup;
  /** The event. */
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  /** Header lines, each with its line end. */
  readonly lines: string;
  readonly body: Buffer;
}

export interface InvokerOptions {
  readonly handler: Handler;
  readonly mapStack: MapStack;
  /** The process's variables; the trace id of the running invocation is written there. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether several invocations may run at once. */
  readonly concurrent: boolean;
  /** Where code runs that belongs to an invocation. */
  readonly scopes: Scopes;
  /** Told of failures. */
  readonly logger: Logger;
}

/** Runs invocations, without knowing how they came. */
export interface Invoker {
  /** Runs the handler; `respond` is called once, never within this call. */
  invoke(request: InvocationRequest, respond: (answer: Answer) => void): void;
  /** To be called when nothing but invocations keeps the process alive: ends those that nothing else can end. */
  endByEmptyLoop(): void;
  /**
   * Ends all running invocations, because an error costs the process; the one that the error comes from, where that is
   * known, is told the error. The result is whether any was.
   */
  abort(error: unknown): boolean;
}

const JSON_TYPE_LINE = 'content-type: application/json\r\n';
const TRACE_ID_VARIABLE = '_X_AMZN_TRACE_ID';

/**
 * Makes the invoker of a loaded handler.
 * @param options - the handler and what it runs in
 * @returns the invoker; it never throws
 */
export function createInvoker(options: InvokerOptions): Invoker {
  const { handler, mapStack, environment, concurrent, scopes, logger } = options;
  const info = readFunctionInfo(environment);
  const fail = createFailInvocation(mapStack, logger);
  const running = new Map<InvocationScope, Settlement>();

  function start(request: InvocationRequest, scope: InvocationScope, settlement: Settlement): void {
    const context = createContext(
      info,
      request.requestId,
      request.header,
      createContextCallbacks(settlement),
    );
    const callback = createCallback(settlement, () => !concurrent && context.callbackWaitsForEmptyEventLoop);
    // One variable cannot tell invocations apart that run at once: they have `context.xRayTraceId`.
    if (!concurrent) setTraceId(environment, context.xRayTraceId);
    scope.tenantId = context.tenantId;
    const returned = scopes.run(scope, () => handler(parseEvent(request.body), context, callback));
    settlement.onEmptyLoop = settleByReturn(returned, handler.length, settlement, concurrent);
  }

  function writeAnswer(request: InvocationRequest, scope: InvocationScope, outcome: Outcome): Answer {
    if (!outcome.ok) return fail({ request, scope, error: outcome.error, replace: outcome.replace ?? false });
    try {
      return { status: 200, lines: JSON_TYPE_LINE, body: writeResult(outcome.value) };
    } catch (error) {
      return fail({ request, scope, error, replace: false });
    }
  }

  return {
    invoke(request, respond) {
      const scope: InvocationScope = { requestId: request.requestId, tenantId: undefined };
      const settlement = new Settlement((outcome) => {
        running.delete(scope);
        respond(writeAnswer(request, scope, outcome));
      });
      running.set(scope, settlement);
      try {
        start(request, scope, settlement);
      } catch (error) {
        settlement.finish({ ok: false, error });
      }
    },
    endByEmptyLoop() {
      for (const settlement of running.values()) settlement.onEmptyLoop();
    },
    abort(error) {
      const origin = scopes.current();
      let wasTold = false;
      for (const [scope, settlement] of running) {
        const isItsOwn = !concurrent || origin === undefined || origin === scope;
        wasTold ||= isItsOwn;
        settlement.abort({ ok: false, error: isItsOwn ? error : lostToAnother(error), replace: true });
      }
      return wasTold;
    },
  };
}

/** Lambda's type for a process that ended: that is what happened to this invocation. */
function lostToAnother(error: unknown): HostError {
  const { errorType, errorMessage } = describeError(error);
  return new HostError(
    'Runtime.ExitError',
    `Cannot finish the invocation: another one that ran beside it ended the worker with ${errorType}: ${errorMessage}`,
  );
}

function setTraceId(environment: NodeJS.ProcessEnv, traceId: string | undefined): void {
  if (traceId === undefined) delete environment[TRACE_ID_VARIABLE];
  else environment[TRACE_ID_VARIABLE] = traceId;
}
