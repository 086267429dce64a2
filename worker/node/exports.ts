/**
 * Walks from a module to something it exports.
 * @param start - the module's namespace, or an export
 * @param path - the names to walk
 * @returns what is there, or `undefined`
 */
export function walkExports(start: unknown, path: readonly string[]): unknown {
  let value = start;
  for (const name of path) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** Where a module may have its `fetch`; the second is how compilers write the default export of CommonJS. */
const DEFAULTS = [['default'], ['default', 'default']];

/**
 * Finds the web handler of a module.
 * @param namespace - the module's namespace
 * @returns the function, bound to the default export that has it, or `undefined`
 */
export function findFetch(namespace: unknown): ((...args: never[]) => unknown) | undefined {
  for (const path of DEFAULTS) {
    const owner = walkExports(namespace, path);
    const fetch = walkExports(owner, ['fetch']);
    if (typeof fetch === 'function') return fetch.bind(owner);
  }
  return undefined;
}
