/**
 * The contract between the bootstrap and a worker, version 1. Every language's host has a twin of this file.
 *
 * The bootstrap starts the worker and writes one *go line* to its standard input; end of file there means that the
 * bootstrap is gone, and the worker exits. The worker answers with lines on descriptor 3: `ready` once it listens,
 * or `initError`. From then on they speak plain HTTP/1.1 on a Unix socket, so that any language can host:
 *
 *     POST /invocations/{requestId}   the event as the body, the Runtime API's headers as received
 *     200 + body                      the result
 *     200 + Lambda-Runtime-Function-Response-Mode: streaming, in chunks   a result that is passed on as it comes;
 *                                     a failure within it is told by the trailers Lambda-Runtime-Function-Error-Type
 *                                     and -Error-Body, base64 of the error's JSON, and Pilotlight-Replace
 *     500 + Lambda-Runtime-Function-Error-Type   a function error; its body goes to the Runtime API as it is
 *     503                             not taken: may go to another worker
 *
 * Each of these answers says in `Lambda-Runtime-Aws-Request-Id` which invocation it is for, as the id stood in the path:
 * an answer that comes late, or twice, must not become that of the next one.
 *
 * A host begins when it has read the event whole: one that breaks off on its way is sent again.
 *
 * At the turns of the function's life the bootstrap asks for its hooks, and is answered when they are through:
 *
 *     POST /shutdown                  200, then the worker exits
 *     POST /before-snapshot           200, or 500 with a function error as the body when a hook failed
 *     POST /after-restore             the same
 *
 * A host whose `ready` line says that it `rehearses` is asked to, before the first event: to run through an invocation of a
 * handler of its own, with headers and a body like those of an event, so that the code on both sides is compiled by then.
 * What would be no answer to an invocation means that it is not asked again:
 *
 *     POST /rehearsals/{requestId}    as an invocation
 *
 * A worker that knows that it ends writes a `last` line. Anything else is `WORKER_GARBLED`. The parts are deployed
 * separately, so the first line either side reads carries the version, and a mismatch names both.
 */
export const PROTOCOL_VERSION = 1;

/** What the worker reads from its standard input, once, as a line of JSON. */
export interface GoLine {
  readonly kind: 'go';
  readonly protocol: number;
  /** Path of the Unix socket to listen on. */
  readonly socket: string;
  /** Sent back in `Pilotlight-Token` with every request; a request without it is refused. */
  readonly token: string;
  /** The overlay folder that holds the function's files. */
  readonly folder: string;
  /** The function's handler string, for example `function.handler`. */
  readonly handler: string;
  /** Whether to keep book of each `await`, which is slow: by the user's choice, or for a while after a timeout. */
  readonly asyncTrace?: boolean;
  /** Whether it starts ahead of its events: what the first would else wait for may take its time now. */
  readonly isAhead?: boolean;
  /** What the worker is made of. */
  readonly parts?: PartDigests;
}

/** SHA-256 of what each part holds, in hexadecimal, as in `parts.json`; of those that say it. */
export interface PartDigests {
  readonly interpreter?: string;
  readonly runtime?: string;
  readonly function?: string;
}

/** What the worker writes to descriptor 3, a line of JSON each; kinds that are not known are ignored. */
export type WorkerLine = ReadyLine | InitErrorLine | StreamErrorLine | LastLine;

export interface ReadyLine {
  readonly kind: 'ready';
  readonly protocol: number;
  readonly host: string;
  /** Version of the interpreter that runs the host. */
  readonly interpreter: string;
  /** Whether several invocations may be in flight at once. */
  readonly concurrent: boolean;
  readonly stream: boolean;
  /** Whether the function has something to run before its end. */
  readonly shutdownHook: boolean;
  /** Whether it knows what a rehearsal is. */
  readonly rehearses?: boolean;
}

export interface InitErrorLine extends FunctionError {
  readonly kind: 'initError';
  readonly protocol: number;
}

/** A failure after the first byte of a stream, from hosts whose server has no trailers. */
export interface StreamErrorLine {
  readonly kind: 'streamError';
  readonly requestId: string;
  readonly errorType: string;
  readonly body: unknown;
}

/** What only the process itself knows at its end; most deaths leave no time for it. */
export interface LastLine {
  readonly kind: 'last';
  /** The invocation that ran last; `-` before the first. */
  readonly requestId: string;
  readonly peakMemoryBytes: number;
  /** The last lines that this invocation wrote to the log. */
  readonly log: readonly string[];
}

/** The body of an error as Lambda's callers know it; Node names the stack `trace`. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Headers of the worker protocol that are not Lambda's own. */
export const TOKEN_HEADER = 'pilotlight-token';
/** `1` on an answer, or as a trailer of a stream: end this worker after it. */
export const REPLACE_HEADER = 'pilotlight-replace';
/** On an answer to an invocation: its id as it stood in the path. Best the first header, where it is found at once. */
export const ANSWERED_HEADER = 'lambda-runtime-aws-request-id';
/** Path of an invocation without its request id. */
export const INVOCATIONS_PATH = '/invocations/';
export const SHUTDOWN_PATH = '/shutdown';
export const BEFORE_SNAPSHOT_PATH = '/before-snapshot';
export const AFTER_RESTORE_PATH = '/after-restore';
/** Path of a rehearsal without its request id. */
export const REHEARSALS_PATH = '/rehearsals/';
/** What a rehearsal looks like where nothing is known of the events to come: like any event. */
export const REHEARSAL_ID = '00000000-0000-4000-8000-000000000000';
export const REHEARSAL_LINES = `content-type: application/json\r
lambda-runtime-aws-request-id: ${REHEARSAL_ID}\r
lambda-runtime-deadline-ms: 4102444800000\r
lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:rehearsal\r
lambda-runtime-trace-id: Root=1-00000000-000000000000000000000000;Sampled=0\r
`;
/** Nothing is done for it: that it is answered, with whatever status, shows that the worker's event loop turns. */
export const TURN_PATH = '/turn';

/** Behind the path of the socket: where Node reports what ended the process, a full heap above all. */
export const REPORT_SUFFIX = '.report.json';

/** Descriptor on which a worker writes its lines. */
export const LINES_DESCRIPTOR = 3;

/** Global of a Node worker, by this name in the registry of symbols: what only its host knows, for a look from outside. */
export const LOOK_SYMBOL = 'pilotlight.look';

/** An `await` that waits. */
export interface TracedAwait {
  /** The invocation whose code it is. */
  readonly requestId: string | undefined;
  readonly stack: string;
}

export interface LookWindow {
  /** Path of the socket on which the host listens. */
  readonly socket: string;
  /** Path of the file that holds the handler. */
  readonly file: string;
  readonly handler: unknown;
  /** Those `await` that still wait, the latest first; there when they are traced. */
  readonly readAwaits?: (() => readonly TracedAwait[]) | undefined;
  /** The id of the invocation whose code runs. */
  readonly currentId?: (() => string | undefined) | undefined;
}
