/** When the bootstrap's start passed its steps, in nanoseconds of the monotonic clock that all processes share. */
export interface StartStamps {
  /** Node began. */
  readonly node: bigint;
  /** The bootstrap's own code began. */
  readonly begun: bigint;
  /** `/tmp` was prepared. */
  prepared?: bigint;
  /** The worker was ready. */
  ready?: bigint;
}

/** Begins the stamps of a start; for the benchmark, which asks for them by `PILOTLIGHT_STAMPS`. */
export function beginStamps(): StartStamps {
  const begun = process.hrtime.bigint();
  return { node: begun - BigInt(Math.round(process.uptime() * 1e9)), begun };
}
