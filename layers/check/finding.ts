/** What is wrong with a part or with a set of parts, told so that nobody has to look it up. */
export interface Finding {
  /** Stable name of the kind of fault. */
  readonly code: string;
  /** A warning works on Lambda, but not as one would think, or only just. */
  readonly severity: 'error' | 'warning';
  /** The part's name; of the whole set where it is no single part's. */
  readonly part: string;
  /** Path in the part. */
  readonly file?: string;
  /** What was found, and what was expected. */
  readonly what: string;
  /** What one would see on Lambda. */
  readonly onLambda: string;
  /** What to do. */
  readonly next: string;
}

/** What Lambda says when it cannot execute the bootstrap. */
export const INVALID_ENTRYPOINT =
  "Runtime.InvalidEntrypoint: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
