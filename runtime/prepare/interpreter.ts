/** An interpreter that is there, from its manifest `interpreters/<name>.json`, or a bundle that is its own. */
export interface Interpreter {
  readonly name: string;
  readonly version: string;
  /** Where its layer lies; a bundle that is its own has none. */
  readonly home?: string;
  /** Path of the binary. */
  readonly binary: string;
  /** How a worker is started: `{binary}`, `{host}`, `{heapMiB}` and `{semiSpaceMiB}` stand for what their names say. */
  readonly worker: readonly string[];
  /** What its workers have in their environment beside the function's: `{layers}` and `{runtimeDir}` stand for folders. */
  readonly variables: Readonly<Record<string, string>>;
  /** Arguments that open its debugger at `{port}` of loopback; nothing where it has none. */
  readonly inspect?: readonly string[] | undefined;
  /** How it is restricted, to be read by who restricts it; nothing where it cannot be. */
  readonly permissions: unknown;
  /** Path of its host, from the runtime layer. */
  readonly host: string;
  /** Endings of the bundles it can host. */
  readonly bundles: readonly string[];
}
