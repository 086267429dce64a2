/** What building a function left behind. */
export interface BuiltFunction {
  readonly name: string;
  /** Path of the function zip. */
  readonly zip: string;
  /** Path of the source map beside it, when one was made. */
  readonly sourceMap: string | undefined;
}

/** The two layers of an environment, in the order in which Lambda lays them over `/opt`. */
export interface BuiltLayers {
  readonly interpreters: readonly string[];
  readonly runtime: string;
}

/**
 * What `dev` and `invoke` need of `layers/`. The command line passes it in, so that the local Lambda knows zips only
 * and never how they are made.
 */
export interface Builder {
  /**
   * Bundles a folder and zips it.
   *
   * @param options `read` is told which files the bundle was made from, and in vain looked for, also when it fails; not
   * where the folder is taken as it is
   * @throws {ToolError} `BUILD_FAILED` with file and line when the sources do not build
   */
  buildFunction(
    folder: string,
    options: { out: string; signal: AbortSignal; read?: ((files: readonly string[]) => void) | undefined },
  ): Promise<BuiltFunction>;
  /** Makes the layers that are missing or older than their sources; `interpreters` are names such as `node`. */
  buildLayers(options: {
    interpreters: readonly string[];
    arch: 'x86_64' | 'arm64';
    out: string;
    signal: AbortSignal;
    note: (line: string) => void;
  }): Promise<BuiltLayers>;
}
