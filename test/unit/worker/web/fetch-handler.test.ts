import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Context } from '../../../../worker/node/context.ts';
import { readStreamed } from '../../../../worker/node/stream/stream-source.ts';
import { StreamedResult } from '../../../../worker/node/stream/streamed-result.ts';
import { createFetchHandler, type Fetch, type OnEvent } from '../../../../worker/node/web/fetch-handler.ts';
import type { HttpResult } from '../../../../worker/node/web/http-result.ts';
import {
  functionUrlEvent,
  functionUrlPost,
  httpApiEvent,
  loadBalancerEvent,
  restApiEvent,
} from './http-events.ts';

interface Options {
  readonly stream?: boolean;
  readonly onEvent?: OnEvent;
  readonly remainingMs?: number;
}

/** Hands an event to a fetch function, as an invocation would. */
function send(fetch: Fetch, event: unknown, options: Options = {}): Promise<unknown> {
  const handler = createFetchHandler({
    fetch,
    onEvent: options.onEvent,
    stream: options.stream ?? false,
  });
  const context = { getRemainingTimeInMillis: () => options.remainingMs ?? 60_000 } as Context;
  return handler(event, context, () => {}) as Promise<unknown>;
}

/** As the invocation's stream does. */
async function read(result: StreamedResult): Promise<string> {
  const source = readStreamed(result);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await source.next();
    if (done === true) return Buffer.concat(chunks).toString();
    chunks.push(Buffer.from(value as Uint8Array));
  }
}

/** Answers with what came. */
const echo: Fetch = async (request) =>
  new Response(await request.arrayBuffer(), {
    status: 203,
    headers: [
      ['content-type', request.headers.get('content-type') ?? 'text/plain'],
      ['x-method', request.method],
      ['x-url', request.url],
      ['x-cookie', request.headers.get('cookie') ?? ''],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
  });

const BYTES = Buffer.from([0, 1, 2, 0xfe, 0xff]);
const BINARY = { body: BYTES.toString('base64'), isBase64Encoded: true };

test('fetch handler gets a Request and answers with a Response, bytes and cookies kept', async () => {
  const headers = { host: 'a.example', 'content-type': 'image/png' };
  const event = functionUrlPost(undefined, {
    ...BINARY,
    headers,
    cookies: ['x=1', 'y=2'],
    rawPath: '/p%20q',
    rawQueryString: 'a=1&a=%2F+',
  });
  assert.deepEqual(await send(echo, event), {
    statusCode: 203,
    headers: {
      'content-type': 'image/png',
      'x-method': 'POST',
      'x-url': 'https://a.example/p%20q?a=1&a=%2F+',
      'x-cookie': 'x=1; y=2',
    },
    cookies: ['a=1', 'b=2'],
    ...BINARY,
  });
});

for (const [name, event] of Object.entries({
  'an HTTP API': httpApiEvent({ ...BINARY, body: undefined }),
  'a REST API': restApiEvent({ httpMethod: 'PUT', ...BINARY }),
  'a load balancer': loadBalancerEvent({ httpMethod: 'PUT', ...BINARY }),
})) {
  test(`fetch handler answers ${name}`, async () => {
    const result = (await send(echo, event)) as HttpResult;
    const body = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
    assert.equal(result.statusCode, 203);
    assert.deepEqual(body, 'httpMethod' in event ? BYTES : Buffer.alloc(0));
  });
}

test('fetch handler gets no body with GET, which a Request cannot have', async () => {
  const result = (await send(echo, functionUrlEvent({ body: 'ignored' }))) as HttpResult;
  assert.equal(result.body, '');
});

test('fetch handler gets event, context and waitUntil, also where Hono looks for them', async () => {
  const event = functionUrlEvent();
  await send((_request, info, execution) => {
    assert.equal(info.event, event);
    assert.equal(typeof info.context.getRemainingTimeInMillis, 'function');
    assert.equal(execution.waitUntil, info.waitUntil);
    return new Response();
  }, event);
});

for (const [name, value] of Object.entries({
  nothing: undefined,
  null: null,
  'a text': 'hello',
  object: {},
})) {
  test(`fetch handler that answers ${name} is Function.ResponseInvalid`, async () => {
    await assert.rejects(
      send(() => value, functionUrlEvent()),
      { errorType: 'Function.ResponseInvalid' },
    );
  });
}

test('fetch handler that throws fails its invocation with that error', async () => {
  const error = new RangeError('mine');
  const fetch = () => {
    throw error;
  };
  await assert.rejects(send(fetch, functionUrlEvent()), error);
  await assert.rejects(
    send(() => new Response(new ReadableStream({ pull: fetch })), functionUrlEvent()),
    error,
  );
});

test('fetch handler is not asked about other events: these reach the export for them, or are an error', async () => {
  const fetch = () => assert.fail();
  const onEvent: OnEvent = async (event) => ({ got: event });
  assert.deepEqual(await send(fetch, { Records: [] }, { onEvent }), { got: { Records: [] } });
  await assert.rejects(send(fetch, { Records: [] }), { errorType: 'Runtime.HandlerNotFound' });
});

test('waitUntil() keeps the invocation running until its work and what that starts are done', async () => {
  const steps: string[] = [];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await send((_request, { waitUntil }) => {
    waitUntil(
      turn().then(() => {
        steps.push('first');
        waitUntil(turn().then(() => steps.push('second')));
      }),
    );
    return new Response();
  }, functionUrlEvent());
  assert.deepEqual(steps, ['first', 'second']);
});

test('waitUntil() logs work that fails, and the answer stays', async (t) => {
  const log = t.mock.method(console, 'error', () => {});
  const error = new Error('late');
  const result = await send((_request, { waitUntil }) => {
    waitUntil(Promise.reject(error));
    return new Response('fine');
  }, functionUrlEvent());
  assert.equal((result as HttpResult).body, 'fine');
  assert.deepEqual(log.mock.calls[0]?.arguments, [error]);
});

test('request.signal fires before the deadline and not after the answer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let late: AbortSignal | undefined;
  const waiting = send(
    async ({ signal }) => {
      queueMicrotask(() => t.mock.timers.tick(2900));
      await once(signal, 'abort');
      return new Response((signal.reason as Error).name);
    },
    functionUrlEvent(),
    { remainingMs: 3000 },
  );
  assert.equal(((await waiting) as HttpResult).body, 'TimeoutError');
  await send(
    ({ signal }) => {
      late = signal;
      return new Response();
    },
    functionUrlEvent(),
    { remainingMs: 3000 },
  );
  t.mock.timers.tick(10_000);
  assert.equal(late?.aborted, false);
});

test('streamed answer carries status, headers and cookies ahead of its body', async () => {
  const result = await send(echo, functionUrlPost('hello'), { stream: true });
  assert.ok(result instanceof StreamedResult);
  assert.partialDeepStrictEqual(result.prelude, { statusCode: 203, cookies: ['a=1', 'b=2'] });
  assert.equal(await read(result), 'hello');
});

test('streamed answer may have no body', async () => {
  const result = await send(() => new Response(null, { status: 204 }), functionUrlEvent(), { stream: true });
  assert.ok(result instanceof StreamedResult);
  assert.equal(result.contentType, 'application/octet-stream');
  assert.equal(await read(result), '');
});

test('streamed answer ends when its body and the work behind it are done', async () => {
  const steps: string[] = [];
  const fetch: Fetch = (_request, { waitUntil }) => {
    waitUntil(new Promise((resolve) => setImmediate(resolve)).then(() => steps.push('work')));
    return new Response('body');
  };
  const result = (await send(fetch, functionUrlEvent(), { stream: true })) as StreamedResult;
  await read(result);
  assert.deepEqual(steps, ['work']);
});

test('streamed answer is cancelled when nobody reads on', async () => {
  let cancelled = false;
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(Buffer.from('x')),
    cancel() {
      cancelled = true;
    },
  });
  const result = (await send(() => new Response(body), functionUrlEvent(), {
    stream: true,
  })) as StreamedResult;
  const source = readStreamed(result);
  await source.next();
  source.cancel();
  assert.equal(cancelled, true);
});

test('streamed answer with nothing to send is cancelled all the same, and over when its work is done', async () => {
  const steps: string[] = [];
  const { promise: work, resolve: endWork } = Promise.withResolvers<void>();
  const fetch: Fetch = (_request, { waitUntil }) => {
    waitUntil(work);
    return new Response(new ReadableStream({ cancel: () => void steps.push('cancelled') }));
  };
  const result = (await send(fetch, functionUrlEvent(), { stream: true })) as StreamedResult;
  const source = readStreamed(result);
  const next = source.next().then(({ done }) => steps.push(`done: ${done}`));
  source.cancel();
  assert.deepEqual(steps, ['cancelled']);
  endWork();
  await next;
  assert.deepEqual(steps, ['cancelled', 'done: true']);
});

test('streamed answer whose body fails is over when its work is done', async () => {
  let isDone = false;
  const error = new RangeError('mine');
  const fetch: Fetch = (_request, { waitUntil }) => {
    waitUntil(
      new Promise(setImmediate).then(() => {
        isDone = true;
      }),
    );
    return new Response(new ReadableStream({ pull: () => Promise.reject(error) }));
  };
  const result = (await send(fetch, functionUrlEvent(), { stream: true })) as StreamedResult;
  await assert.rejects(read(result), error);
  assert.equal(isDone, true);
});

test('load balancer gets its answer whole: it takes no streams', async () => {
  const result = (await send(echo, loadBalancerEvent(), { stream: true })) as HttpResult;
  assert.equal(result.statusDescription, '203 Non-Authoritative Information');
});
