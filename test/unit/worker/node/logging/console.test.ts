import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startHost } from '../start-host.ts';

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const JSON_FORMAT = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };

/** Runs a handler's body once, in a host with these variables. */
async function linesOf(t: TestContext, body: string, env: Record<string, string> = {}, headers = {}) {
  const host = await startHost(
    t,
    { 'function.bundle.js': `export const handler = async () => { ${body} };` },
    { env },
  );
  const answer = await host.invoke('{}', headers);
  host.closeStdin();
  const { stdout, stderr } = await host.exit;
  assert.equal(stderr, '');
  return { answer, stdout, lines: stdout.split('\n').slice(0, -1) };
}

/** The same in JSON format, parsed, without the time. */
async function objectsOf(t: TestContext, body: string, env = {}, headers = {}) {
  const { lines } = await linesOf(t, body, { ...JSON_FORMAT, ...env }, headers);
  return lines.map((line) => {
    const { timestamp, ...rest } = JSON.parse(line) as Record<string, unknown>;
    assert.match(String(timestamp), new RegExp(`^${TIME}$`));
    return rest;
  });
}

test('console writes time, request id, level and message, tabs between them, to standard output', async (t) => {
  const { lines } = await linesOf(
    t,
    `console.trace('a'); console.debug('b'); console.info('c'); console.log('d'); console.warn('e'); console.error('f');
    console.fatal('g'); console.log(); console.log('%d of %s', 1, 'two', { x: 1n }); console.log('100 %');
    console.assert(false, 'h');`,
  );
  const shown = ['TRACE\ta', 'DEBUG\tb', 'INFO\tc', 'INFO\td', 'WARN\te', 'ERROR\tf', 'FATAL\tg', 'INFO\t'];
  shown.push('INFO\t1 of two { x: 1n }', 'INFO\t100 %', 'WARN\tAssertion failed: h');
  assert.deepEqual(
    lines.map((line) => line.replace(new RegExp(`^${TIME}\tid-1\t`), '')),
    shown,
  );
});

test('console keeps a message in one line of standard output', async (t) => {
  const { stdout } = await linesOf(t, "console.log('a\\nb\\r\\nc\\n')");
  assert.match(stdout, /\ta\rb\r\rc\r\n$/);
});

test('console says "-" for a request id while the function loads, and the latest afterwards', async (t) => {
  const code = `console.log('loading'); export const handler = async (event) => { console.log('running');
    if (event.late) { setTimeout(() => { console.log('left behind'); process.exit(); }, 10); } };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const token = { 'pilotlight-token': host.token };
  for (const id of ['one', 'two']) await host.send('POST', `/invocations/${id}`, token, '{}');
  await host.send('POST', '/invocations/three', token, '{"late":true}');
  const ids = (await host.exit).stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[1]);
  assert.deepEqual(ids, ['-', 'one', 'two', 'three', 'three']);
});

test('console tells invocations apart that run at once, also in what they started', async (t) => {
  const code = `const all = []; export const handler = async (event, { awsRequestId }) => {
    console.log(awsRequestId);
    await new Promise((resolve) => { all.push(resolve); if (all.length === 3) for (const go of all.reverse()) setTimeout(go, 2); });
    console.log(awsRequestId); process.nextTick(() => console.log(awsRequestId));
    await new Promise((resolve) => setImmediate(() => { console.log(awsRequestId); resolve(); })); };`;
  const host = await startHost(
    t,
    { 'function.bundle.js': code },
    { env: { AWS_LAMBDA_MAX_CONCURRENCY: '3' } },
  );
  const token = { 'pilotlight-token': host.token };
  await Promise.all(['a', 'b', 'c'].map((id) => host.send('POST', `/invocations/${id}`, token, '{}')));
  host.closeStdin();
  const lines = (await host.exit).stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
  assert.equal(lines.length, 12);
  for (const [, requestId, , message] of lines) assert.equal(requestId, message);
});

for (const [level, wanted] of [
  ['WARN', ['WARN', 'ERROR', 'FATAL']],
  ['fatal', ['FATAL']],
  ['none such', ['TRACE', 'DEBUG', 'INFO', 'INFO', 'WARN', 'ERROR', 'FATAL']],
] as const) {
  test(`console leaves out what is below AWS_LAMBDA_LOG_LEVEL=${level}`, async (t) => {
    const body =
      "for (const name of ['trace','debug','info','log','warn','error','fatal']) console[name]('x');";
    const { lines } = await linesOf(t, body, { AWS_LAMBDA_LOG_LEVEL: level });
    assert.deepEqual(
      lines.map((line) => line.split('\t')[2]),
      wanted,
    );
  });
}

test('console writes objects of JSON where the format is JSON, with the tenant', async (t) => {
  const body = "console.log('a\\nb'); console.warn({ n: 1, list: [null] }); console.log('%s is', 'x', 1);";
  const head = { requestId: 'id-1', tenantId: 'blue' };
  assert.deepEqual(await objectsOf(t, body, {}, { 'lambda-runtime-aws-tenant-id': 'blue' }), [
    { level: 'INFO', ...head, message: 'a\nb' },
    { level: 'WARN', ...head, message: { n: 1, list: [null] } },
    { level: 'INFO', ...head, message: 'x is 1' },
  ]);
});

test('console in JSON format gives each line the tenant of its invocation, also of several at once', async (t) => {
  const code = `const all = []; export const handler = async () => {
    await new Promise((resolve) => { all.push(resolve); if (all.length === 2) for (const go of all.reverse()) go(); });
    console.log('met'); };`;
  const env = { ...JSON_FORMAT, AWS_LAMBDA_MAX_CONCURRENCY: '2' };
  const host = await startHost(t, { 'function.bundle.js': code }, { env });
  const headers = (tenant: string) => ({
    'pilotlight-token': host.token,
    'lambda-runtime-aws-tenant-id': tenant,
  });
  const tenants = { a: 'blue', b: 'green' };
  await Promise.all(
    Object.entries(tenants).map(([id, tenant]) =>
      host.send('POST', `/invocations/${id}`, headers(tenant), '{}'),
    ),
  );
  host.closeStdin();
  const lines = (await host.exit).stdout.trimEnd().split('\n');
  const seen = lines.map((line) => JSON.parse(line)).map(({ requestId, tenantId }) => [requestId, tenantId]);
  assert.deepEqual(Object.fromEntries(seen), tenants);
});

test('console in JSON format shows what JSON cannot as text', async (t) => {
  const body = `const circle = {}; circle.of = circle; const hostile = { toJSON() { throw new Error('no'); }, a: 1 };
    console.log(circle); console.log(1n); console.log(undefined); console.log(() => 1); console.log(hostile); console.log();`;
  const messages = (await objectsOf(t, body)).map(({ message }) => message);
  assert.match(String(messages.splice(4, 1)), /a: 1/);
  assert.deepEqual(messages, [
    '<ref *1> { of: [Circular *1] }',
    '1n',
    'undefined',
    '[Function (anonymous)]',
    '',
  ]);
});

test('console in JSON format shows type, message and stack of errors, wherever they are', async (t) => {
  const body = `const { runInNewContext } = await import('node:vm');
    class Broken extends Error {} const error = Object.assign(new Broken('bad', { cause: new TypeError('root') }), { code: 'E1' });
    console.error(error); console.error('while', error); console.log({ error }); console.error(runInNewContext('new RangeError("far")'));
    console.error(new AggregateError([new SyntaxError('one')], 'many'));`;
  const [alone, among, inside, foreign, many] = await objectsOf(t, body);
  const shown = { errorType: 'Broken', errorMessage: 'bad', code: 'E1', cause: { errorType: 'TypeError' } };
  assert.partialDeepStrictEqual(alone?.message, shown);
  assert.partialDeepStrictEqual(among, { level: 'ERROR', errorType: 'Broken', errorMessage: 'bad' });
  assert.match(String(among?.message), /^while Broken.*: bad\n/s);
  assert.match(String(among?.stackTrace), / +at .*function\.bundle\.js:\d+/);
  assert.partialDeepStrictEqual(inside?.message, { error: shown });
  assert.partialDeepStrictEqual(foreign?.message, { errorType: 'RangeError', errorMessage: 'far' });
  assert.partialDeepStrictEqual(many?.message, {
    errors: [{ errorType: 'SyntaxError', errorMessage: 'one' }],
  });
});

test('host logs a failed invocation once, with what else the error says', async (t) => {
  const body = `throw Object.assign(new TypeError('bad', { cause: new Error('root') }), { code: 'E1', big: 1n });`;
  const { lines } = await linesOf(t, body);
  assert.equal(lines.length, 1);
  const [, requestId, level, title, json] = String(lines[0]).split('\t');
  assert.deepEqual([requestId, level, title], ['id-1', 'ERROR', 'Invoke Error']);
  const { stack, ...error } = JSON.parse(String(json));
  assert.deepEqual(error, { errorType: 'TypeError', errorMessage: 'bad', code: 'E1', cause: 'Error: root' });
  assert.match(stack[1], /function\.bundle\.js/);

  const [object] = await objectsOf(t, body);
  assert.partialDeepStrictEqual(object, {
    level: 'ERROR',
    requestId: 'id-1',
    message: { errorType: 'TypeError', code: 'E1' },
  });
});

test('host logs why the function did not load', async (t) => {
  const files = { 'function.bundle.js': "throw new RangeError('no database'); export const handler = 1;" };
  const plain = await startHost(t, files);
  assert.match(
    (await plain.exit).stdout,
    /^\S+\t-\tERROR\tInit Error\t\{"errorType":"RangeError","errorMessage":"no database",.*\n$/,
  );
  const json = await startHost(t, files, { env: JSON_FORMAT });
  const { message } = JSON.parse((await json.exit).stdout);
  assert.equal(message.errorType, 'RangeError');
});

test('console is not stopped by a clock that the function replaced', async (t) => {
  const { lines } = await linesOf(
    t,
    "globalThis.Date = class { static now() { return NaN; } }; console.log('a');",
  );
  assert.match(String(lines[0]), new RegExp(`^${TIME}\tid-1\tINFO\ta$`));
});
