import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { HttpResult } from '../../worker/node/web/http-result.ts';
import { needs } from '../helpers/needs.ts';
import { phpLayers } from '../helpers/php-layers.ts';
import { type TestFunction, useLocalLambda } from '../helpers/use-local-lambda.ts';
import {
  binaryPosts,
  functionUrlPost,
  loadBalancerEvent,
  restApiEvent,
} from '../unit/worker/web/http-events.ts';

const SITE = join(import.meta.dirname, '../../function/php-site');
/** Every byte there is, so that no text survives by chance. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const SCRIPT = `<?php
require_once 'state.php';
switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/echo': header('Content-Type: image/png'); echo file_get_contents('php://input'); break;
    case '/count': echo json_encode([counted(), $GLOBALS['kept'] = ($GLOBALS['kept'] ?? 0) + 1]); break;
    case '/exit': header('Location: /elsewhere'); echo 'left'; exit;
    case '/throw': throw new DomainException('on purpose');
    case '/server': echo json_encode(array_intersect_key($_SERVER, array_flip($_GET['names']))); break;
    case '/buffers': ob_start(); echo 'lost'; while (ob_get_level() > 0) ob_end_clean(); echo 'kept'; break;
    case '/cookies': setcookie('a', '1 ü'); setcookie('b', ''); header("X-Old: gr\\xfc\\xdfe"); header('X-List: 1'); header('X-List: 2', false); break;
    case '/list': header_remove('x-powered-by'); header('A: b', true, 418); echo json_encode([headers_list(), http_response_code(), $_COOKIE]); break;
    case '/temp': $t = fopen('php://temp', 'w+'); fwrite($t, 'inner'); rewind($t); echo stream_get_contents($t), strlen(file_get_contents('php://input')); break;
}`;
const STATE = '<?php function counted(): int { static $count = 0; return ++$count; }';
const DECLARES =
  '<?php function shout(string $text): string { return strtoupper($text); } class Once {} echo shout("hi");';

async function useSites(t: TestContext, sites: Readonly<Record<string, TestFunction>>) {
  const layers = await phpLayers();
  const functions = Object.entries(sites).map(([name, { settings, ...site }]): [string, TestFunction] => [
    name,
    { layers, ...site, ...(settings !== undefined && { settings: { interpreter: 'php', ...settings } }) },
  ]);
  const lambda = await useLocalLambda(t, Object.fromEntries(functions));
  return {
    lambda,
    async send(name: string, event: unknown): Promise<HttpResult> {
      const { value, failed } = await lambda.call(name, event);
      assert.ok(!failed, JSON.stringify(value));
      return value as HttpResult;
    },
  };
}

const script = (files: TestFunction['files']): TestFunction => ({
  files: files ?? {},
  settings: { handler: 'index.php', environment: { PILOTLIGHT_KIND: 'http' } },
});

function get(path: string, more: Readonly<Record<string, unknown>> = {}) {
  const [rawPath, rawQueryString = ''] = path.split('?');
  return functionUrlPost(undefined, { rawPath, rawQueryString, ...more }, 'GET');
}

function post(path: string, headers: Readonly<Record<string, string>>, body: string | Buffer) {
  return functionUrlPost(Buffer.from(body).toString('base64'), {
    rawPath: path,
    headers,
    isBase64Encoded: true,
  });
}

test('example php-site answers requests, forms, uploads and other events', needs('php-layer'), async (t) => {
  const streams = { PILOTLIGHT_KIND: 'http', PILOTLIGHT_STREAM: 'on' };
  const { lambda, send } = await useSites(t, {
    site: { folder: SITE },
    streamed: { folder: SITE, settings: { environment: streams } },
  });
  const shown = await send('site', get('/'));
  assert.match(shown.body, /^<form/);
  assert.equal(shown.headers?.['content-type'], 'text/html; charset=UTF-8');

  const greeted = await send('site', get('/greeting?name=Ada%20L.', { cookies: ['name=Bob'] }));
  assert.equal(greeted.body, '{"greeting":"Hello, Ada L."}');
  const known = await send('site', get('/greeting', { cookies: ['other=1', 'name=Bob%20B'] }));
  assert.equal(known.body, '{"greeting":"Hello, Bob B"}');

  const kept = await send('site', post('/greeting', FORM, 'name=Gr%C3%BC%C3%9Fe+7'));
  assert.equal(kept.statusCode, 302);
  assert.equal(kept.headers?.location, '/greeting');
  assert.deepEqual(kept.cookies, ['name=Gr%C3%BC%C3%9Fe%207; path=/; HttpOnly']);

  const missing = await send('site', get('/<none>'));
  assert.deepEqual([missing.statusCode, missing.body], [404, 'Nothing is at /%3Cnone%3E']);

  const part = 'Content-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png';
  const upload = Buffer.concat([Buffer.from(`--x\r\n${part}\r\n\r\n`), BYTES, Buffer.from('\r\n--x--\r\n')]);
  const described = await send(
    'site',
    post('/upload', { 'content-type': 'multipart/form-data; boundary=x' }, upload),
  );
  assert.equal(described.body, '{"name":"a.png","sha1":"4916d6bdb7f78e6803698cab32d1586ea457dfc8"}');

  const streamed = await lambda.invoke('streamed', JSON.stringify(get('/greeting')));
  assert.match(
    Buffer.from(streamed.payload).toString(),
    /^\{"statusCode":200,.*"cookies":\[\]\}\0{8}\{"greeting":"Hello, world"\}$/,
  );

  const { value } = await lambda.call('site', { Records: [1] });
  assert.deepEqual(value, { Records: [1] });
  assert.match(lambda.lines.join('\n'), /\tERROR\tgot an event of 15 bytes/);
});

test(
  'a front controller finds in a request what it would find under a web server',
  needs('php-layer'),
  async (t) => {
    const { send } = await useSites(t, { site: script({ 'index.php': SCRIPT, 'state.php': STATE }) });
    for (const event of binaryPosts(BYTES)) {
      const echoed = await send('site', event);
      assert.equal(echoed.isBase64Encoded, true);
      assert.deepEqual(Buffer.from(echoed.body, 'base64'), BYTES);
    }
    // State stays, as of every worker that lives on.
    assert.equal((await send('site', get('/count'))).body, '[1,1]');
    assert.equal((await send('site', get('/count'))).body, '[2,2]');
    assert.equal((await send('site', get('/buffers'))).body, 'kept');
    assert.equal((await send('site', post('/temp', {}, 'four'))).body, 'inner4');

    const names = [
      'REQUEST_METHOD',
      'REQUEST_URI',
      'HTTPS',
      'REMOTE_ADDR',
      'HTTP_X_TWICE',
      'SERVER_NAME',
      'SCRIPT_NAME',
    ];
    const query = { 'names[]': names };
    const server = await send(
      'site',
      restApiEvent({ path: '/server', multiValueQueryStringParameters: query }),
    );
    assert.deepEqual(JSON.parse(server.body), {
      REQUEST_METHOD: 'GET',
      REQUEST_URI: `/server?${names.map((name) => `names%5B%5D=${name}`).join('&')}`,
      HTTPS: 'on',
      REMOTE_ADDR: '192.0.2.1',
      HTTP_X_TWICE: '1, 2',
      SERVER_NAME: 'abc.execute-api.eu-central-1.amazonaws.com',
      SCRIPT_NAME: '/index.php',
    });

    const cookies = ['a=1%20%C3%BC', 'b=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0'];
    const url = await send('site', get('/cookies'));
    assert.equal(url.headers?.['x-old'], 'grüße');
    assert.deepEqual([url.cookies, url.headers?.['x-list']], [cookies, '1, 2']);
    const rest = await send('site', restApiEvent({ path: '/cookies' }));
    assert.deepEqual(
      [rest.multiValueHeaders?.['set-cookie'], rest.multiValueHeaders?.['x-list']],
      [cookies, ['1', '2']],
    );
    const balanced = await send('site', loadBalancerEvent({ path: '/cookies' }));
    assert.deepEqual([balanced.headers?.['set-cookie'], balanced.headers?.['Set-cookie']], cookies);
    assert.equal(balanced.statusDescription, '200 OK');

    const listed = await send('site', get('/list', { cookies: ['a.b[c]=d'] }));
    assert.deepEqual(JSON.parse(listed.body), [['A: b'], 418, { a_b: { c: 'd' } }]);
  },
);

test(
  'a front controller that exits, throws or declares names answers each request once',
  needs('php-layer'),
  async (t) => {
    const { lambda, send } = await useSites(t, {
      site: script({ 'index.php': SCRIPT, 'state.php': STATE }),
      declares: script({ 'index.php': DECLARES }),
    });
    for (let count = 0; count < 2; count++) {
      const left = await send('site', get('/exit'));
      assert.deepEqual([left.statusCode, left.headers?.location, left.body], [302, '/elsewhere', 'left']);
      assert.equal((await send('site', get('/count'))).body, '[1,1]', 'a new worker');
    }
    const { value, failed } = await lambda.call('site', get('/throw'));
    assert.ok(failed);
    assert.deepEqual(Object.values(value as object).slice(0, 2), ['DomainException', 'on purpose']);
    assert.equal((await send('site', get('/count'))).body, '[2,2]', 'the same worker');
    for (let count = 0; count < 2; count++) assert.equal((await send('declares', get('/'))).body, 'HI');
  },
);
