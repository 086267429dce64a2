import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Context } from '../../../../worker/node/context.ts';
import { createServerHandler } from '../../../../worker/node/http-server/server-handler.ts';
import { StreamedResult } from '../../../../worker/node/stream/streamed-result.ts';
import type { HttpResult } from '../../../../worker/node/web/http-result.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import {
  functionUrlEvent,
  functionUrlPost,
  httpApiEvent,
  loadBalancerEvent,
  restApiEvent,
} from './http-events.ts';

const CONTEXT = {
  awsRequestId: 'id-1',
  functionName: 'shop',
  functionVersion: '$LATEST',
  memoryLimitInMB: '256',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:shop',
  tenantId: 'blue',
  getRemainingTimeInMillis: () => 3000,
} as Context;

/** Starts a server and returns what sends an event to it. */
async function serve(t: TestContext, listener: RequestListener, stream = false, socketPath?: string) {
  const server = createServer(listener).listen(socketPath ?? { port: 0, host: '127.0.0.1' });
  t.after(() => server.close());
  await once(server, 'listening');
  const address =
    socketPath === undefined
      ? { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
      : { socketPath };
  const handler = createServerHandler(address, stream);
  return (event: unknown) => handler(event, CONTEXT, () => {}) as Promise<HttpResult & StreamedResult>;
}

/** Answers with all that came. */
const echo: RequestListener = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('latin1');
  const { method, url, headers } = request;
  response.setHeader('content-type', 'application/json').setHeader('set-cookie', ['a=1', 'b=2']);
  response.end(JSON.stringify({ method, url, headers, body }));
};

const seen = ({ body }: HttpResult) => JSON.parse(body);

test('server gets method, path, query, headers and bytes as they were, and a length', async (t) => {
  const send = await serve(t, echo);
  const bytes = Buffer.from([0, 0xff, 0x80]);
  const result = await send(
    functionUrlPost(
      bytes.toString('base64'),
      {
        isBase64Encoded: true,
        rawPath: '/a%20b/../c',
        rawQueryString: "x=1&x='%27 +",
        headers: { host: 'a.example', 'x-name': 'Łukasz', connection: 'upgrade', upgrade: 'x', expect: 'y' },
        cookies: ['c=1', 'd=2'],
      },
      'PATCH',
    ),
  );
  const { headers, ...request } = seen(result);
  assert.deepEqual(request, {
    method: 'PATCH',
    url: "/a%20b/../c?x=1&x='%27%20+",
    body: bytes.toString('latin1'),
  });
  const { 'x-amzn-request-context': requestContext, 'x-amzn-lambda-context': context, ...others } = headers;
  assert.deepEqual(others, {
    host: 'a.example',
    'x-name': Buffer.from('Łukasz').toString('latin1'),
    cookie: 'c=1; d=2',
    'content-length': '3',
    'x-amz-tenant-id': 'blue',
    connection: 'close',
  });
  assert.equal(JSON.parse(requestContext).http.method, 'PATCH');
  assert.partialDeepStrictEqual(JSON.parse(context), {
    request_id: 'id-1',
    invoked_function_arn: CONTEXT.invokedFunctionArn,
    env_config: { function_name: 'shop', memory: 256, version: '$LATEST' },
  });
});

for (const [name, event] of Object.entries({
  'a function URL': functionUrlEvent(),
  'an HTTP API': httpApiEvent(),
  'a REST API': restApiEvent(),
  'a load balancer': loadBalancerEvent({ headers: {} }),
})) {
  test(`server answers ${name}`, async (t) => {
    const send = await serve(t, echo);
    const result = await send(event);
    assert.equal(result.statusCode, 200);
    assert.equal(seen(result).method, 'GET');
    assert.equal('transfer-encoding' in { ...result.headers, ...result.multiValueHeaders }, false);
  });
}

test('server keeps both values of a header that came twice', async (t) => {
  const send = await serve(t, (request, response) => response.end(request.rawHeaders.join()));
  assert.match((await send(restApiEvent())).body, /x-twice,1,x-twice,2/);
});

test('server sees what Lambda knows, whatever a client writes under these names', async (t) => {
  const send = await serve(t, echo);
  const forged = { 'X-Amzn-Request-Context': '{"authorizer":"me"}', 'x-amz-tenant-id': 'red' };
  const event = loadBalancerEvent({ headers: forged, requestContext: { elb: { name: 'Grün\x7f' } } });
  const { headers } = seen(await send(event));
  assert.equal(headers['x-amzn-request-context'], '{"elb":{"name":"Gr\\u00fcn\\u007f"}}');
  assert.equal(headers['x-amz-tenant-id'], 'blue');
});

test('server answers with binary bodies, cookies and its own words for the status', async (t) => {
  const send = await serve(t, (_request, response) => {
    response.writeHead(418, 'Short and stout', { 'set-cookie': ['a=1', 'b=2'], 'x-a': ['1', '2'] });
    response.end(Buffer.from([0xff, 0]));
  });
  const result = await send(loadBalancerEvent({ multiValueHeaders: {} }));
  assert.partialDeepStrictEqual(result, {
    statusCode: 418,
    statusDescription: '418 Short and stout',
    body: '/wA=',
    isBase64Encoded: true,
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'], 'x-a': ['1', '2'] },
  });
});

test('server may answer without a body', async (t) => {
  const send = await serve(t, (request, response) =>
    response.writeHead(request.method === 'HEAD' ? 200 : 304).end(),
  );
  for (const [method, statusCode] of [
    ['HEAD', 200],
    ['GET', 304],
  ] as const) {
    assert.partialDeepStrictEqual(await send(functionUrlPost(undefined, {}, method)), {
      statusCode,
      body: '',
      isBase64Encoded: false,
    });
  }
});

test('server may answer with headers of more than 16 kB', async (t) => {
  const send = await serve(t, (_request, response) =>
    response.setHeader('x-long', 'a'.repeat(100_000)).end(),
  );
  assert.equal((await send(functionUrlEvent())).headers?.['x-long']?.length, 100_000);
});

test('server that closes idle connections at once is reached again', async (t) => {
  let connections = 0;
  const send = await serve(t, (request, response) => {
    connections += 1;
    response.end(() => request.socket.destroy());
  });
  for (const _ of [1, 2, 3]) assert.equal((await send(functionUrlEvent())).statusCode, 200);
  assert.equal(connections, 3);
});

test('server on a socket is reached', async (t) => {
  const send = await serve(t, echo, false, join(useTmp(t), 's.sock'));
  assert.equal(seen(await send(functionUrlEvent())).method, 'GET');
});

test('server that cuts the connection fails the invocation', async (t) => {
  const early = await serve(t, (request) => request.socket.destroy());
  await assert.rejects(early(functionUrlEvent()), { code: 'ECONNRESET' });
  const late = await serve(t, (request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('half', () => request.socket.destroy());
  });
  await assert.rejects(late(functionUrlEvent()), { code: 'ECONNRESET' });
});

test('server gets other events as POST /events, and answers with JSON, text or nothing', async (t) => {
  const answers: Readonly<Record<string, string>> = { json: '{"a":1}', text: 'done', nothing: '' };
  const send = await serve(t, async (request, response) => {
    assert.deepEqual([request.method, request.url], ['POST', '/events']);
    assert.equal(request.headers['content-type'], 'application/json');
    const [chunk] = await once(request, 'data');
    response.end(answers[JSON.parse(String(chunk)).wanted]);
  });
  assert.deepEqual(await send({ wanted: 'json' }), { a: 1 });
  assert.equal(await send({ wanted: 'text' }), 'done');
  assert.equal(await send({ wanted: 'nothing' }), null);
});

test('server that refuses another event makes it fail, so that its sender tries again', async (t) => {
  const send = await serve(t, (_request, response) => response.writeHead(404).end('Cannot POST /events'));
  await assert.rejects(send({ Records: [] }), {
    errorType: 'Function.EventRefused',
    message: /status 404 and "Cannot POST \/events"/,
  });
});

test('streamed answer of a server comes as it is written', async (t) => {
  const parts = ['one', 'two'];
  const next = Promise.withResolvers<void>();
  const send = await serve(
    t,
    async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'a=1' });
      response.write(parts[0]);
      await next.promise;
      response.end(parts[1]);
    },
    true,
  );
  const result = await send(functionUrlEvent());
  assert.ok(result instanceof StreamedResult);
  assert.equal(result.contentType, 'text/event-stream');
  assert.partialDeepStrictEqual(result.prelude, { statusCode: 200, cookies: ['a=1'] });
  const got: string[] = [];
  for await (const chunk of result.body) {
    got.push(String(chunk));
    next.resolve();
  }
  assert.deepEqual(got, parts);
});

test('streamed answer of a server that cuts the connection fails behind what came, however late it is read', async (t) => {
  const gone = Promise.withResolvers<void>();
  const send = await serve(
    t,
    (request, response) => {
      request.socket.once('close', gone.resolve);
      response.write('part', () => request.socket.destroy());
    },
    true,
  );
  const { body } = await send(functionUrlEvent());
  await gone.promise;
  const got: string[] = [];
  const readAll = async () => {
    for await (const chunk of body) got.push(String(chunk));
  };
  await assert.rejects(readAll(), { code: 'ECONNRESET' });
  assert.deepEqual(got, ['part']);
});

test('streamed answer of a server that is let go ends the connection, also while its next part is awaited', async (t) => {
  const gone = Promise.withResolvers<void>();
  const send = await serve(
    t,
    (_request, response) => {
      response.once('close', gone.resolve);
      response.write('part');
    },
    true,
  );
  const { body } = await send(functionUrlEvent());
  const parts = body[Symbol.asyncIterator]();
  assert.equal(String((await parts.next()).value), 'part');
  const next = parts.next();
  await parts.return?.();
  assert.equal((await next).done, true);
  await gone.promise;
});
