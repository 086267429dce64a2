import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { CURL } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { askPlainly, useFunctionUrls } from '../helpers/use-function-urls.ts';

const EXAMPLES = join(import.meta.dirname, '../../function');
const NAMES = ['fetch-hello', 'hono-hello', 'express-hello', 'fastify-hello'];
/** Every byte there is, so that no text survives by chance. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

/** The same app in both forms: it tells how it was asked, or answers as it was asked to. */
const APPS = {
  fetch: `export default { async fetch(request) {
    const { method, url, headers } = request;
    const target = url.slice(new URL(url).origin.length);
    if (target === '/fail') throw new Error('mine');
    if (target === '/set') return new Response('set', { headers: [['set-cookie', 'a=1; Path=/'], ['set-cookie', 'b=2']] });
    if (target.startsWith('/status/')) {
      return new Response(null, { status: Number(target.slice(8)), headers: { location: '/there', etag: '"v1"' } });
    }
    const told = JSON.stringify({ method, target, cookie: headers.get('cookie'), body: await request.text() });
    return new Response(told, { headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(told)) } });
  } }`,
  server: `import { createServer } from 'node:http';
  import { text } from 'node:stream/consumers';
  createServer(async (request, response) => {
    const { method, url: target, headers } = request;
    if (target === '/fail') throw new Error('mine');
    if (target === '/set') return response.setHeader('set-cookie', ['a=1; Path=/', 'b=2']).end('set');
    if (target.startsWith('/status/')) {
      return response.writeHead(target.slice(8), { location: '/there', etag: '"v1"' }).end();
    }
    const told = JSON.stringify({ method, target, cookie: headers.cookie ?? null, body: await text(request) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(told) }).end(told);
  }).listen(process.env.PORT);`,
};

for (const url of ['buffered', 'stream'] as const) {
  const settings = { url, timeoutS: 20 };

  describe(`example functions behind a function URL (${url})`, () => {
    const folders = NAMES.map((name) => [name, { folder: join(EXAMPLES, name), settings }]);
    const urls = useFunctionUrls(Object.fromEntries(folders));

    for (const name of NAMES) {
      test(`example ${name} greets, sets a cookie and knows what it does not have (${url})`, async () => {
        const greeted = await fetch(urls.at(name, '/greeting?name=Zo%C3%AB%20%26%20Bo'));
        assert.equal(greeted.status, 200, urls.log());
        assert.match(String(greeted.headers.get('content-type')), /^application\/json/);
        assert.match(String(greeted.headers.getSetCookie()), /^greeted=yes; /);
        assert.deepEqual(await greeted.json(), { greeting: 'Hello, Zoë & Bo' });

        const missing = await fetch(urls.at(name, '/nowhere'));
        assert.equal(missing.status, 404);
        await missing.bytes();
      });

      test(`example ${name} takes and gives binary bodies (${url})`, async () => {
        const headers = { 'content-type': 'image/png' };
        const echoed = await fetch(urls.at(name, '/echo'), { method: 'POST', headers, body: BYTES });
        assert.deepEqual([echoed.status, echoed.headers.get('content-type')], [200, 'image/png'], urls.log());
        assert.deepEqual(Buffer.from(await echoed.bytes()), BYTES);

        const large = Buffer.alloc(3_000_000, BYTES);
        const again = await fetch(urls.at(name, '/echo'), { method: 'POST', headers, body: large });
        assert.ok(large.equals(await again.bytes()), urls.log());
      });

      test(`example ${name} answers HEAD without a body (${url})`, async () => {
        const { status, text } = await askPlainly(urls.at(name, '/greeting'), 'HEAD');
        assert.deepEqual([status, text], [200, '']);
      });
    }
  });

  describe(`web functions behind a function URL (${url})`, () => {
    const apps = Object.entries(APPS).map(([name, code]) => [
      name,
      { files: { 'function.bundle.js': code }, settings },
    ]);
    const urls = useFunctionUrls(Object.fromEntries(apps));

    for (const name of Object.keys(APPS)) {
      test(`${name} sees path and query byte for byte (${url})`, async () => {
        // A quote is missing: the URL standard itself has it escaped in every `Request`.
        for (const target of [
          '/a%2Fb/%C3%A9',
          '/q?a=1&a=2&b=%20+%2B&c',
          '/q?x=a(b)*~!$,;:@/?',
          '/?=&&=',
          '/q?%ZZ=%&c=%E0%A4&a[]=%5B1%5d',
        ]) {
          const { status, text } = await askPlainly(urls.at(name, target));
          assert.equal(status, 200, urls.log());
          assert.equal(JSON.parse(text).target, target);
        }
      });

      test(`${name} gets method, cookies and body (${url})`, async () => {
        const headers = { cookie: 'a=1; b=2' };
        const answer = await fetch(urls.at(name, '/tell'), { method: 'PUT', headers, body: 'grüße' });
        const told = { method: 'PUT', target: '/tell', cookie: 'a=1; b=2', body: 'grüße' };
        assert.deepEqual(await answer.json(), told, urls.log());
      });

      test(`${name} sets several cookies (${url})`, async () => {
        const answer = await fetch(urls.at(name, '/set'));
        assert.deepEqual(answer.headers.getSetCookie(), ['a=1; Path=/', 'b=2'], urls.log());
        assert.equal(await answer.text(), 'set');
      });

      for (const code of [204, 304, 307]) {
        test(`${name} answers ${code} with its headers and no body (${url})`, async () => {
          const { status, headers, text } = await askPlainly(urls.at(name, `/status/${code}`));
          assert.deepEqual(
            [status, headers.location, headers.etag, text],
            [code, '/there', '"v1"', ''],
            urls.log(),
          );
        });
      }

      test(`${name} answers HEAD with the length of what GET would give (${url})`, async () => {
        const { status, headers, text } = await askPlainly(urls.at(name, '/tell'), 'HEAD');
        const length = JSON.stringify({ method: 'HEAD', target: '/tell', cookie: null, body: '' }).length;
        assert.deepEqual([status, headers['content-length'], text], [200, String(length), ''], urls.log());
      });

      test(`${name} that fails is a 502 without a word of the error, and goes on (${url})`, async () => {
        const { status, text } = await askPlainly(urls.at(name, '/fail'));
        assert.deepEqual([status, text], [502, 'Internal Server Error'], urls.log());
        assert.match(urls.log(), /mine/);
        assert.equal((await askPlainly(urls.at(name, '/tell'))).status, 200, urls.log());
      });

      test(`curl posts a form to ${name} (${url})`, needs('curl'), async () => {
        const form = ['--data-urlencode', 'name=Ada & Bo', '--cookie', 'c=3'];
        const args = [
          '--silent',
          '--show-error',
          '--fail',
          '--noproxy',
          '*',
          ...form,
          urls.at(name, '/form'),
        ];
        const { stdout } = await execa(CURL, args, { extendEnv: false });
        const told = { method: 'POST', target: '/form', cookie: 'c=3', body: 'name=Ada+%26+Bo' };
        assert.deepEqual(JSON.parse(stdout), told);
      });
    }
  });
}
