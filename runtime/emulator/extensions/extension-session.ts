import { randomUUID } from 'node:crypto';
import { RuntimeApiError } from '../runtime-session.ts';

const MAX_EXTENSIONS = 10;

export type ExtensionEventType = 'INVOKE' | 'SHUTDOWN';

/** Why an environment ends. */
export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** What an extension reads as the answer to its poll. */
export type ExtensionEvent =
  | {
      readonly eventType: 'INVOKE';
      readonly deadlineMs: number;
      readonly requestId: string;
      readonly invokedFunctionArn: string;
      readonly tracing: { readonly type: 'X-Amzn-Trace-Id'; readonly value: string };
    }
  | {
      readonly eventType: 'SHUTDOWN';
      readonly shutdownReason: ShutdownReason;
      readonly deadlineMs: number;
    };

/** A long poll that waits for its event. */
export type ExtensionPoll = (event: ExtensionEvent) => void;

/** An extension that has registered. */
export interface Extension {
  readonly id: string;
  readonly name: string;
  /** Whether it is a program of its own in `/opt/extensions`. */
  readonly external: boolean;
  readonly events: ReadonlySet<ExtensionEventType>;
}

interface Registered extends Extension {
  /** From its poll to the next event, also while the poll's connection is broken. */
  waits: boolean;
  poll: ExtensionPoll | undefined;
  missed: ExtensionEvent | undefined;
}

/** The state machine of the Extensions API for one start of a bootstrap. It knows nothing of HTTP or processes. */
export class ExtensionSession {
  readonly #missing: Set<string>;
  readonly #extensions = new Map<string, Registered>();
  readonly #registered = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<string>();
  #idle: PromiseWithResolvers<void> | undefined;
  #closed = false;

  /** @param externalNames of the programs that have to register before the runtime starts */
  constructor(externalNames: readonly string[]) {
    this.#missing = new Set(externalNames);
    if (this.#missing.size === 0) this.#registered.resolve();
  }

  /** Settles when every external extension has registered. */
  get registered(): Promise<void> {
    return this.#registered.promise;
  }

  /** Settles with the error type that an extension reported before it ends. */
  get failed(): Promise<string> {
    return this.#failed.promise;
  }

  list(): readonly Extension[] {
    return [...this.#extensions.values()];
  }

  /**
   * An extension introduces itself.
   *
   * @throws {RuntimeApiError} 403 for what the platform refuses
   */
  register(name: string, events: readonly string[]): Extension {
    if (this.#closed) throw refuse('Extension.RegistrationClosed', 'Extension registration is closed');
    if (name === '') throw refuse('Extension.InvalidExtensionName', 'Empty extension name');
    if (this.list().some((other) => other.name === name)) {
      throw refuse('Extension.InvalidExtensionState', `Extension "${name}" has registered already`);
    }
    if (this.#extensions.size === MAX_EXTENSIONS) {
      throw refuse('Extension.TooManyExtensions', `More than ${MAX_EXTENSIONS} extensions`);
    }
    const external = this.#missing.has(name);
    const known = events.filter((event): event is ExtensionEventType => isEventType(event, external));
    if (known.length < events.length) throw refuse('Extension.InvalidEventType', 'Invalid event type');
    const id = randomUUID();
    const extension = { id, name, external, events: new Set(known) };
    this.#extensions.set(id, { ...extension, waits: false, poll: undefined, missed: undefined });
    this.#missing.delete(name);
    if (this.#missing.size === 0) this.#registered.resolve();
    return extension;
  }

  /** The runtime has initialised: nobody can register any more. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Finds an extension by what it was given when it registered.
   *
   * @throws {RuntimeApiError} 403
   */
  find(id: string | undefined): Extension {
    return this.#find(id);
  }

  /**
   * An extension asks for its next event.
   *
   * @returns a function that takes the poll back when its connection closes
   * @throws {RuntimeApiError} 403 for an identifier that nobody has
   */
  poll(id: string | undefined, poll: ExtensionPoll): () => void {
    const extension = this.#find(id);
    const { missed } = extension;
    extension.missed = undefined;
    if (missed !== undefined) {
      poll(missed);
      return () => {};
    }
    extension.waits = true;
    extension.poll = poll;
    if (this.#isIdle()) this.#idle?.resolve();
    return () => {
      if (extension.poll === poll) extension.poll = undefined;
    };
  }

  /** An extension cannot go on, and says why. */
  fail(id: string | undefined, errorType: string): void {
    this.#find(id);
    this.#failed.resolve(errorType);
  }

  /** Settles when every extension waits for an event. */
  untilIdle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Hands an event to those that asked for its kind. */
  send(event: ExtensionEvent): void {
    this.#idle = undefined;
    for (const extension of this.#extensions.values()) {
      if (!extension.events.has(event.eventType)) continue;
      const { poll } = extension;
      extension.waits = false;
      extension.poll = undefined;
      if (poll === undefined) extension.missed = event;
      else poll(event);
    }
  }

  #isIdle(): boolean {
    return [...this.#extensions.values()].every(({ waits }) => waits);
  }

  #find(id: string | undefined): Registered {
    if (id === undefined) throw refuse('Extension.MissingExtensionIdentifier', 'Missing identifier');
    const found = this.#extensions.get(id);
    if (found === undefined) throw refuse('Extension.UnknownExtensionIdentifier', 'Unknown identifier');
    return found;
  }
}

/** An extension inside the runtime's own process ends with it: it hears of that by a signal. */
function isEventType(event: string, external: boolean): boolean {
  return event === 'INVOKE' || (event === 'SHUTDOWN' && external);
}

function refuse(errorType: string, message: string): RuntimeApiError {
  return new RuntimeApiError(403, errorType, message);
}
