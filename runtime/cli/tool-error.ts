/** Exit codes by what went wrong; the codes themselves are part of the interface. */
const TABLE = {
  USAGE: 2,
  /** The function answered with an error, or a check found something. */
  FOUND: 1,
  CANNOT: 3,
  UNSUPPORTED_SYSTEM: 3,
  BUILD_FAILED: 3,
} as const;

export type ToolErrorCode = keyof typeof TABLE;

/** A failure of a verb: what failed and why as the message, and what to do next. */
export class ToolError extends Error {
  readonly code: ToolErrorCode;
  /** What to do next, as a sentence or a command. */
  readonly next: string | undefined;

  constructor(code: ToolErrorCode, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ToolError';
    this.code = code;
    this.next = options.next;
  }

  get exitCode(): number {
    return TABLE[this.code];
  }
}
