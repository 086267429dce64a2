import type { PartDigests } from '../../protocol.ts';

/** What a function wants to be called for; may return a promise. */
export type Hook = () => unknown;

/** The hooks of a function, in the order in which they were registered. */
export interface Hooks {
  readonly shutdown: Hook[];
  readonly beforeSnapshot: Hook[];
  readonly afterRestore: Hook[];
}

/**
 * Gives user code the global `pilotlight`, by which it registers its hooks and knows what it runs on.
 * @param scope - the global object
 * @param parts - digests of the parts
 * @returns the hooks, which grow as user code registers them
 */
export function offerHooks(scope: object, parts: PartDigests = {}): Hooks {
  const hooks: Hooks = { shutdown: [], beforeSnapshot: [], afterRestore: [] };
  const value = Object.freeze({
    onShutdown: (hook: unknown) => add(hooks.shutdown, 'onShutdown', hook),
    beforeSnapshot: (hook: unknown) => add(hooks.beforeSnapshot, 'beforeSnapshot', hook),
    afterRestore: (hook: unknown) => add(hooks.afterRestore, 'afterRestore', hook),
    parts: Object.freeze({ ...parts }),
  });
  // Not enumerable, as the language's own globals: tools that compare globals would find it.
  Object.defineProperty(scope, 'pilotlight', { value, configurable: true, writable: true });
  return hooks;
}

function add(list: Hook[], name: string, hook: unknown): void {
  if (typeof hook !== 'function')
    throw new TypeError(`Cannot register with pilotlight.${name}: got ${typeof hook}, expected a function`);
  list.push(hook as Hook);
}
