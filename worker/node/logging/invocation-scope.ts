/** What a log line says of the invocation that it belongs to. */
export interface InvocationScope {
  readonly requestId: string;
  tenantId: string | undefined;
}

/** Knows for which invocation code runs. */
export interface Scopes {
  /** That of the code which asks; `undefined` outside of all. */
  current(): InvocationScope | undefined;
  /** Runs code, and what it starts, for an invocation. */
  run<Result>(scope: InvocationScope, code: () => Result): Result;
}

/**
 * Makes what attributes log lines and faults. With one invocation at a time the latest is the one: also for code that it
 * left behind and that goes on before the next. Several need Node's tracking of what started what, which is not free.
 * @param concurrent - whether several invocations may run at once
 * @returns the scopes
 */
export function createScopes(concurrent: boolean): Scopes {
  return concurrent ? trackedScopes() : latestScope();
}

function latestScope(): Scopes {
  let latest: InvocationScope | undefined;
  return {
    current: () => latest,
    run(scope, code) {
      latest = scope;
      return code();
    },
  };
}

function trackedScopes(): Scopes {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
  const storage = new AsyncLocalStorage<InvocationScope>();
  return {
    current: () => storage.getStore(),
    run: (scope, code) => storage.run(scope, code),
  };
}
