import type { Server } from 'node:net';
import { LOOK_SYMBOL, type LookWindow, type TracedAwait } from '../../../worker/protocol.ts';

/** What a Node process tells of itself. */
export interface Observation {
  /** Of the code on which it was interrupted, innermost first; a few frames of Node's where it waits. */
  readonly stack: string;
  /** What its event loop waits for. */
  readonly pending: readonly string[];
  /** Path of the handler's file, and the beginning of its text. */
  readonly handlerFile: string;
  readonly handlerText: string;
  /** Those `await` that still wait, the latest first, when they are traced. */
  readonly awaits: readonly TracedAwait[];
  /** The invocation whose code it was interrupted in, where that is known. */
  readonly requestId: string | undefined;
}

/**
 * An expression that gives an `Observation`. Its text is all that gets into the process: it must not name anything but
 * what every Node process has, and must leave everything as it was.
 */
export const OBSERVE = `(${observe})(${JSON.stringify(LOOK_SYMBOL)})`;

/** An expression that gives the milliseconds until the event loop turns. */
export const MEASURE_LAG = `(${measureLag})()`;

function observe(symbol: string): Observation {
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch {
      return otherwise;
    }
  };
  const shown = (globalThis as unknown as Record<symbol, Partial<LookWindow> | undefined>)[
    Symbol.for(symbol)
  ];
  const readStack = (): string => {
    const { prepareStackTrace, stackTraceLimit } = Error;
    try {
      Reflect.deleteProperty(Error, 'prepareStackTrace');
      Error.stackTraceLimit = 50;
      return new Error().stack ?? '';
    } finally {
      if (prepareStackTrace !== undefined) Error.prepareStackTrace = prepareStackTrace;
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  const describe = (handle: Record<string, unknown>): string => {
    const kind = handle.constructor?.name ?? 'handle';
    const at = (host: unknown, port: unknown) => (port === undefined ? `${host}` : `${host}:${port}`);
    if ('remoteAddress' in handle) {
      if (handle.remoteAddress !== undefined) {
        const name = handle.servername || handle._host;
        const peer = at(handle.remoteAddress, handle.remotePort);
        return `${kind} to ${peer}${name && name !== handle.remoteAddress ? ` (${name})` : ''}`;
      }
      if (handle.connecting) return `${kind} that connects to ${handle._host ?? 'an address'}`;
      return kind;
    }
    if (kind === 'ChildProcess') return `child process "${(handle.spawnargs as string[]).join(' ')}"`;
    if (kind === 'TCPConnectWrap') return `connection to ${at(handle.address, handle.port)}`;
    if (kind === 'GetAddrInfoReqWrap') return `address of "${handle.hostname}"`;
    return kind;
  };
  const isOurs = (handle: Record<string, unknown>): boolean =>
    shown?.socket !== undefined &&
    attempt(() => (handle as unknown as Server).address(), null) === shown.socket;
  const readPending = (): string[] => {
    const internals = process as unknown as Record<string, () => Record<string, unknown>[]>;
    const handles = [
      ...attempt(() => internals._getActiveHandles?.() ?? [], []),
      ...attempt(() => internals._getActiveRequests?.() ?? [], []),
    ];
    const texts = handles
      .filter((handle) => !isOurs(handle))
      .map((handle) => attempt(() => describe(handle), 'handle'));
    const resources = attempt(() => process.getActiveResourcesInfo(), []);
    const timers = resources.filter((name) => name === 'Timeout').length;
    return timers === 0 ? texts : [...texts, timers === 1 ? 'a timer' : `${timers} timers`];
  };
  return {
    stack: attempt(readStack, ''),
    pending: attempt(readPending, []).slice(0, 20),
    handlerFile: attempt(() => String(shown?.file ?? ''), ''),
    handlerText: attempt(() => String(shown?.handler).slice(0, 1000), ''),
    awaits: attempt(() => shown?.readAwaits?.() ?? [], []),
    requestId: attempt(() => shown?.currentId?.(), undefined),
  };
}

/**
 * Reads what an inspector gave.
 *
 * @param value what came
 * @returns `undefined` when it is no observation
 */
export function parseObservation(value: unknown): Observation | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const texts = (item: unknown) => (Array.isArray(item) ? item.map(String) : []);
  return {
    stack: String(fields.stack),
    pending: texts(fields.pending),
    handlerFile: String(fields.handlerFile),
    handlerText: String(fields.handlerText),
    awaits: Array.isArray(fields.awaits) ? fields.awaits.map(parseAwait) : [],
    requestId: parseId(fields.requestId),
  };
}

function parseAwait(value: unknown): TracedAwait {
  const { requestId, stack } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { requestId: parseId(requestId), stack: String(stack) };
}

function parseId(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function measureLag(): Promise<number> {
  const startMs = performance.now();
  return new Promise((resolve) => setImmediate(() => resolve(Math.round(performance.now() - startMs))));
}
