import { HostError } from '../errors.ts';

/** How a handler says that it writes a stream, and how much of it the stream may hold. */
const STREAMING_TAG = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK_TAG = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const STREAMING = 'response';

/** What `streamifyResponse` takes. */
export interface StreamifyOptions {
  /** In bytes: what the response stream holds before `write` returns false. */
  readonly highWaterMark?: number;
}

/** What a response stream of ours does for `HttpResponseStream.from`. */
interface TakesPrelude {
  setPrelude(prelude: unknown): void;
}

const AWSLAMBDA = {
  streamifyResponse<T extends object>(handler: T, options?: StreamifyOptions): T {
    return Object.assign(handler, {
      [STREAMING_TAG]: STREAMING,
      [HIGH_WATER_MARK_TAG]: options?.highWaterMark,
    });
  },
  HttpResponseStream: {
    from<T extends TakesPrelude>(stream: T, prelude: unknown): T {
      stream.setPrelude(prelude);
      return stream;
    },
  },
};

/**
 * Defines the global `awslambda`, unless the function does not want it.
 * @param environment - the process's variables
 */
export function defineAwslambda(environment: NodeJS.ProcessEnv): void {
  const { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: without } = environment;
  if (without === '1' || without === 'true') return;
  Object.assign(globalThis, { awslambda: AWSLAMBDA });
}

/**
 * Finds out whether a handler writes a stream, by its tags.
 * @param handler - the loaded handler
 * @returns `undefined` for a handler that returns its result; else how many bytes its stream holds, where it says so
 * @throws HostError `Runtime.MalformedStreamingHandler` for a tag that nobody knows
 */
export function readStreamingTag(handler: object): { highWaterMark: number | undefined } | undefined {
  const tags = handler as { [STREAMING_TAG]?: unknown; [HIGH_WATER_MARK_TAG]?: unknown };
  const tag = tags[STREAMING_TAG];
  if (!tag) return undefined;
  if (tag !== STREAMING) {
    throw new HostError(
      'Runtime.MalformedStreamingHandler',
      `Cannot use a handler that streams "${String(tag)}": expected "${STREAMING}"`,
    );
  }
  const highWaterMark = tags[HIGH_WATER_MARK_TAG];
  return { highWaterMark: typeof highWaterMark === 'number' ? highWaterMark : undefined };
}
