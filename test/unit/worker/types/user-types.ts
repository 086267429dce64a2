/** What users write, for the compiler alone: `tsc` fails when a type takes too little or too much. */
import type {
  Context,
  FetchHandler,
  Handler,
  HttpResponsePrelude,
  ResponseStream,
  StreamHandler,
} from 'pilotlight';

export const greets: Handler<{ name: string }, { greeting: string }> = async ({ name }, context) => ({
  greeting: `${name} in ${context.getRemainingTimeInMillis()} ms`,
});

export const callsBack: Handler<{ n: number }, number> = ({ n }, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  callback(null, n + 1);
  callback('failed');
};

// @ts-expect-error the result is no text
export const answersWrongly: Handler<unknown, string> = async () => 1;

export const requestId = (context: Context): string => context.awsRequestId;

export const asks = (context: Context) => fetch('https://example.com', { signal: context.signal });

export const registers = () => pilotlight.onShutdown(async () => {});

// @ts-expect-error a hook is a function
export const registersWrongly = () => pilotlight.afterRestore('now');

export function renames(context: Context): void {
  // @ts-expect-error the function's name is not to be changed
  context.functionName = 'other';
}

const streams: StreamHandler<{ parts: string[] }> = async ({ parts }, stream) => {
  const prelude: HttpResponsePrelude = { statusCode: 200, headers: { 'x-a': '1' }, cookies: ['a=1'] };
  const answer: ResponseStream = awslambda.HttpResponseStream.from(stream, prelude);
  answer.setContentType('text/plain');
  for (const part of parts)
    if (!answer.write(part)) await new Promise((resolve) => answer.once('drain', resolve));
  answer.end();
};
export const handler = awslambda.streamifyResponse(streams, { highWaterMark: 1024 });

// @ts-expect-error a streaming handler answers with a promise
export const streamsAtOnce = awslambda.streamifyResponse((_event: unknown, stream) => stream.end());

export default {
  async fetch(request, { event, context, waitUntil }) {
    waitUntil(Promise.resolve(event));
    request.signal.throwIfAborted();
    return Response.json({ url: request.url, left: context.getRemainingTimeInMillis() });
  },
  event: async (event) => event,
} satisfies FetchHandler;

// @ts-expect-error a web handler answers with a Response
export const answersText: FetchHandler = { fetch: () => 'text' };
