/** What a log line says of the invocation that it belongs to. */
export interface InvocationScope {
  readonly requestId: string;
  readonly tenantId: string | undefined;
}

/** Knows for which invocation code runs. */
export interface Scopes {
  /** That of the code which asks; `undefined` outside of all. */
  current(): InvocationScope | undefined;
  /** Says that what follows in this turn, and all that it starts, belongs to an invocation. */
  enter(requestId: string, tenantId: string | undefined): InvocationScope;
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
    enter(requestId, tenantId) {
      latest = { requestId, tenantId };
      return latest;
    },
  };
}

function trackedScopes(): Scopes {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
  const storage = new AsyncLocalStorage<InvocationScope>();
  return {
    current: () => storage.getStore(),
    enter(requestId, tenantId) {
      const scope = { requestId, tenantId };
      // Not `run`: Node leaves the scope by itself at the end of the turn that read the request.
      storage.enterWith(scope);
      return scope;
    },
  };
}
