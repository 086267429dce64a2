import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { before, describe, type TestContext, test } from 'node:test';
import { type Dispatcher, request } from 'undici';
import type { LocalLambda } from '../../../runtime/emulator/local-lambda.ts';
import { useSharedLambda } from './use-lambda.ts';

const INVOCATIONS = '/2015-03-31/functions/acts/invocations';
const MiB = 1024 * 1024;

describe('the Lambda API', () => {
  const shared = useSharedLambda({ maxEnvironments: 2 });
  let lambda: LocalLambda;
  before(() => {
    lambda = shared.lambda;
  });

  const call = async (
    method: Dispatcher.HttpMethod,
    path: string,
    body?: string | Uint8Array,
    headers: Record<string, string> = {},
  ) => {
    const url = `${lambda.url}${path}`;
    const answer = await request(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    const header = (name: string) => answer.headers[name] as string | undefined;
    return { status: answer.statusCode, header, text, json: () => JSON.parse(text) };
  };
  const invoke = (body?: string | Uint8Array, headers?: Record<string, string>) =>
    call('POST', INVOCATIONS, body, headers);
  const assertError = (answer: Awaited<ReturnType<typeof call>>, status: number, name: string) => {
    assert.deepEqual([answer.status, answer.header('x-amzn-errortype')], [status, name]);
    const { message, Message, Type } = answer.json();
    assert.equal(message, Message);
    assert.ok(Type === 'User' || Type === 'Server');
    assert.match(answer.header('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/);
  };

  test('invoke answers with the result and the headers that clients read', async () => {
    const answer = await invoke('{"a":[1,"ä"]}');
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{"a":[1,"ä"]}');
    assert.equal(answer.header('x-amz-executed-version'), '$LATEST');
    assert.equal(answer.header('x-amz-function-error'), undefined);
    assert.match(answer.header('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/);
    assert.match(answer.header('x-amzn-trace-id') ?? '', /^Root=1-/);
    assert.equal(answer.header('content-type'), 'application/json');
  });

  test('invoke answers a function error with status 200 and X-Amz-Function-Error', async () => {
    const answer = await invoke('{"do":"fail"}');
    assert.deepEqual([answer.status, answer.header('x-amz-function-error')], [200, 'Unhandled']);
    assert.equal(answer.json().errorType, 'BadLuck');
  });

  for (const form of [
    'acts',
    'acts:$LATEST',
    'acts%3A%24LATEST',
    'function:acts',
    '123456789012:function:acts',
    'arn:aws:lambda:us-east-1:123456789012:function:acts',
    'arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Aacts%3A%24LATEST',
    'acts/invocations?Qualifier=$LATEST',
    'acts:$LATEST/invocations/?Qualifier=%24LATEST',
  ]) {
    test(`invoke finds a function under "${form}"`, async () => {
      const path = form.includes('/') ? form : `${form}/invocations`;
      const answer = await call('POST', `/2015-03-31/functions/${path}`, '{"do":"headers"}');
      assert.equal(answer.status, 200);
      const arn: string = answer.json()['lambda-runtime-invoked-function-arn'];
      assert.equal(arn.endsWith(':function:acts:$LATEST'), form.includes('LATEST'));
    });
  }

  test('invoke answers 404 with the ARN for what it does not know', async () => {
    const unknown = await call('POST', '/2015-03-31/functions/other/invocations', '{}');
    assertError(unknown, 404, 'ResourceNotFoundException');
    assert.equal(
      unknown.json().Message,
      'Function not found: arn:aws:lambda:us-east-1:123456789012:function:other:$LATEST',
    );
    const alias = await call('POST', `${INVOCATIONS}?Qualifier=live`, '{}');
    assertError(alias, 404, 'ResourceNotFoundException');
    assert.match(alias.json().Message, /:function:acts:live$/);
  });

  test('invoke refuses names that are none, and qualifiers that contradict each other', async () => {
    assertError(
      await call('POST', '/2015-03-31/functions/a%20b/invocations', '{}'),
      400,
      'ValidationException',
    );
    const both = await call('POST', '/2015-03-31/functions/acts:live/invocations?Qualifier=test', '{}');
    assertError(both, 400, 'InvalidParameterValueException');
  });

  for (const [what, body] of [
    ['text', 'not json'],
    ['half an object', '{"a":'],
    ['broken UTF-8', Buffer.from([0x22, 0x87, 0x22])],
  ] as const) {
    test(`invoke refuses an event that is ${what}`, async () => {
      const answer = await invoke(body);
      assertError(answer, 400, 'InvalidRequestContentException');
      assert.match(answer.json().message, /^Could not parse request body into json: /);
    });
  }

  test('invoke delivers an empty object where no event was sent', async () => {
    assert.equal((await invoke()).text, '{}');
  });

  for (const event of ['null', '1', '"text"', '[]', ' {"a" : 1}\n']) {
    test(`invoke takes ${JSON.stringify(event)} as an event`, async () => {
      assert.deepEqual((await invoke(event)).json(), JSON.parse(event));
    });
  }

  test('invoke takes an event of 6 MiB and refuses a larger one', async () => {
    const largest = `"${'x'.repeat(6 * MiB - 2)}"`;
    assert.equal((await invoke(largest)).text, largest);
    assertError(await invoke(`${largest} `), 413, 'RequestTooLargeException');
  });

  test('invoke answers Event with 202 and runs it once in the background', async () => {
    const event = '{"do":"log","lines":["in the background"]}';
    const answer = await invoke(event, { 'x-amz-invocation-type': 'Event' });
    assert.deepEqual([answer.status, answer.text], [202, '']);
    assert.equal(answer.header('x-amz-executed-version'), undefined);
    await shared.line((line) => line.startsWith(`REPORT RequestId: ${answer.header('x-amzn-requestid')}`));
    assert.equal(shared.lines.filter((line) => line === 'in the background').length, 1);
  });

  test('invoke limits Event to 1 MiB', async () => {
    const answer = await invoke(`"${'x'.repeat(MiB)}"`, { 'x-amz-invocation-type': 'Event' });
    assertError(answer, 413, 'RequestTooLargeException');
  });

  test('invoke-async is Event under its old route', async () => {
    const answer = await call('POST', '/2014-11-13/functions/acts/invoke-async', '{}');
    assert.equal(answer.status, 202);
    await shared.line((line) => line.startsWith(`REPORT RequestId: ${answer.header('x-amzn-requestid')}`));
  });

  test('invoke answers DryRun with 204 and runs nothing', async () => {
    const answer = await invoke('{}', { 'x-amz-invocation-type': 'DryRun' });
    assert.deepEqual([answer.status, answer.text], [204, '']);
    await invoke('{}', { 'x-amz-log-type': 'Tail' });
    const id = answer.header('x-amzn-requestid') ?? 'none';
    assert.ok(!shared.lines.some((line) => line.includes(id)));
    const unknown = await call('POST', '/2015-03-31/functions/other/invocations', '{}', {
      'x-amz-invocation-type': 'DryRun',
    });
    assert.equal(unknown.status, 404);
  });

  test('invoke returns the end of the log on request', async () => {
    const answer = await invoke('{"do":"log","lines":["hello"]}', { 'x-amz-log-type': 'Tail' });
    const tail = Buffer.from(answer.header('x-amz-log-result') ?? '', 'base64').toString();
    const id = answer.header('x-amzn-requestid');
    assert.match(tail, new RegExp(`START RequestId: ${id} Version: \\$LATEST\n`));
    assert.match(tail, /\nhello\n/);
    assert.match(tail, new RegExp(`\nEND RequestId: ${id}\nREPORT RequestId: ${id}\t`));
    assert.equal((await invoke('{}')).header('x-amz-log-result'), undefined);
  });

  test('invoke hands on the client context and refuses a bad one', async () => {
    const header = 'x-amz-client-context';
    const encode = (text: string) => Buffer.from(text).toString('base64');
    const answer = await invoke('{"do":"headers"}', { [header]: encode('{\n"custom": {"k": 1}}') });
    assert.equal(answer.json()['lambda-runtime-client-context'], '{"custom":{"k":1}}');
    assertError(await invoke('{}', { [header]: 'e30x' }), 400, 'InvalidRequestContentException');
    const long = encode(JSON.stringify('x'.repeat(3000)));
    assertError(await invoke('{}', { [header]: long }), 400, 'InvalidRequestContentException');
  });

  test('invoke refuses unknown values of its headers', async () => {
    const type = await invoke('{}', { 'x-amz-invocation-type': 'Sometimes' });
    assertError(type, 400, 'InvalidParameterValueException');
    assertError(await invoke('{}', { 'x-amz-log-type': 'All' }), 400, 'InvalidParameterValueException');
    assertError(await invoke('{}', { 'x-amz-tenant-id': 'a*b' }), 400, 'InvalidParameterValueException');
  });

  for (const path of ['/2015-03-31/functions', '/2015-03-31/functions/']) {
    test(`GET ${path} lists the functions`, async () => {
      const { Functions } = (await call('GET', path)).json();
      assert.deepEqual([Functions.length, Functions[0].FunctionName], [1, 'acts']);
    });
  }

  test('a function describes itself as active', async () => {
    const whole = (await call('GET', '/2015-03-31/functions/acts')).json();
    const configuration = (await call('GET', '/2015-03-31/functions/acts/configuration')).json();
    assert.deepEqual(whole.Configuration, configuration);
    assert.deepEqual([configuration.State, configuration.LastUpdateStatus], ['Active', 'Successful']);
    const unknown = await call('GET', '/2015-03-31/functions/other');
    assertError(unknown, 404, 'ResourceNotFoundException');
    assert.match(unknown.json().message, /:function:other$/);
  });

  test('what the local Lambda does not offer is told apart from what nobody does', async () => {
    assertError(await call('POST', '/2020-06-30/code-signing-configs', '{}'), 501, 'NotImplementedException');
    assertError(await call('GET', '/'), 404, 'UnknownOperationException');
  });

  for (const [host, status] of [
    ['localhost:9000', 200],
    ['LOCALHOST', 200],
    ['[::1]:1', 200],
    ['id.lambda-url.localhost:9000', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example:9000', 403],
    ['evillocalhost', 403],
  ] as const) {
    test(`a request for host "${host}" gets ${status}`, async () => {
      assert.equal((await invoke('{}', { host })).status, status);
    });
  }

  for (const [origin, status] of [
    ['http://localhost:3000', 200],
    ['http://127.0.0.1:9000', 200],
    ['https://evil.example', 403],
    ['null', 403],
  ] as const) {
    test(`a request from origin "${origin}" gets ${status}`, async () => {
      const answer = await invoke('{}', { origin });
      assert.equal(answer.status, status);
      if (status === 403) assertError(answer, 403, 'AccessDeniedException');
    });
  }

  test('a client that waits for "100 Continue" gets it', async (t: TestContext) => {
    const socket = connect(Number(new URL(lambda.url).port), '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write(
      `POST ${INVOCATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`,
    );
    const [head] = await once(socket, 'data');
    assert.match(String(head), /^HTTP\/1.1 100 Continue/);
    socket.write('{}');
    const [answer] = await once(socket, 'data');
    assert.match(String(answer), /^HTTP\/1.1 200 /);
  });
});
