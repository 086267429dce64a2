import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

declare global {
  /** The worker's connections to the bootstrap, for what strikes there. */
  var bootstrapConnections: () => readonly Socket[];
  /** An answer of the worker as it goes to the bootstrap. */
  var answerTo: (requestId: string, value: unknown) => string;
}

/** What a fault in the worker knows of its invocation. */
export interface StruckInvocation {
  readonly requestId: string;
  /** What the handler is about to return. */
  readonly result: unknown;
}

/** Where a fault strikes; two of different sides can strike the same invocation. */
export type Side = 'function' | 'poll' | 'run' | 'post';

/** What a fault can do while it strikes. */
export interface Strike {
  /** Drawn from the seed: how long what waits, or is frozen, does so. */
  readonly pauseMs: number;
  /** Stops every process of the environment and resolves; they go on after the pause. */
  freeze(): Promise<void>;
  /** Kills the worker that is there. */
  killWorker(): Promise<void>;
  /** Ends the Runtime API with all its connections, and starts it again on the same port after the pause. */
  restart(): Promise<void>;
}

/** An event as it goes out. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** Something that goes wrong, and what a caller gets all the same. Each has a file of its own in `faults/`. */
export interface Fault {
  readonly name: string;
  readonly side: Side;
  /** The error type that the caller gets; without one, the handler's own result. */
  readonly errorType?: string;
  /** Runs in the worker before the handler returns. Its text goes into the bundle, so it can use globals and its argument only. */
  readonly inWorker?: (struck: StruckInvocation) => unknown;
  /** Hands an event out in place of the plain way. Connections are those of `req`: an answer may not have its own yet. */
  readonly deliver?: (poll: ServerResponse, event: EventMessage, strike: Strike) => void | Promise<void>;
  /** Strikes while the handler runs, or is about to. */
  readonly whileRunning?: (strike: Strike) => Promise<void>;
  /** Strikes before the Runtime API takes a post, which is lost then. */
  readonly losePost?: (post: ServerResponse) => void;
  /** Answers a post that the Runtime API has taken, in place of the plain way. */
  readonly answerPost?: (post: ServerResponse, strike: Strike) => void | Promise<void>;
  /** How often the bootstrap may have to ask for the same event again. */
  readonly replays?: number;
  /** How often the bootstrap may post again, not knowing that the first post had arrived. */
  readonly repeats?: number;
  /** The least size of the event in bytes. */
  readonly eventBytes?: number;
  /** Whether the event is not to be one that flows through the bootstrap, which holds no copy of it. */
  readonly isSmall?: boolean;
  /** What the caller gets in place of what was posted, as the platform answers it. */
  readonly isRefused?: boolean;
  /** The time the function has; a fault with one is over at the deadline. */
  readonly timeoutMs?: number;
  /** Whether the environment may end with it: Lambda starts another then. */
  readonly endsEnvironment?: boolean;
}
