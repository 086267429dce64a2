import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, suite, type TestContext, test } from 'node:test';
import { PHP } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { layerPhp, phpHostCommand } from '../helpers/php-layers.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { type StartOptions, startHost, type TestHost } from '../unit/worker/node/start-host.ts';

const ECHO = '<?php return fn (mixed $event) => $event;';
const EMPTY_INPUT =
  '<?php return fn () => [stream_get_contents(fopen("php://stdin", "r")), readlink("/proc/self/fd/0")];';
/** An answer is over with the end of its JSON. */
const WHOLE = /\r\n\r\n(?:"[^"]*"|\{.*\})$/s;

const BUILDS = [
  { name: "the layer's PHP", options: needs('php-layer'), unpack: layerPhp },
  { name: "the distribution's PHP", options: needs('php'), unpack: async () => PHP },
] as const;

/** Writes bytes as they are; returns what comes until it matches. */
async function exchange(host: TestHost, parts: readonly string[], until: RegExp): Promise<string> {
  const socket = connect(host.socketPath);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
    if (until.test(text)) socket.end();
  });
  for (const part of parts) {
    await new Promise((resolve) => socket.write(part, resolve));
    await new Promise(setImmediate);
  }
  await once(socket, 'close');
  return text;
}

function head(host: TestHost, id: string, framing: string): string {
  return `POST /invocations/${id} HTTP/1.1\r\nHost: worker\r\nPilotlight-Token: ${host.token}\r\n${framing}\r\n\r\n`;
}

for (const { name, options, unpack } of BUILDS) {
  suite(`the PHP host on ${name}`, options, () => {
    const folder = useTmp({ after });
    let binary = '';
    before(async () => {
      binary = await unpack(folder);
    });
    const start = async (t: TestContext, code: string, more: StartOptions = {}) =>
      startHost(t, { 'function.bundle.php': code }, { ...more, command: phpHostCommand(binary, 32) });

    test('says that it is ready, and exits with its standard input', async (t) => {
      const host = await start(t, ECHO);
      const { kind, protocol, host: language, concurrent, stream, interpreter } = host.firstLine;
      assert.deepEqual([kind, protocol, language, concurrent, stream], ['ready', 1, 'php', false, true]);
      assert.match(String(interpreter), /^8\.\d+\.\d+/);
      host.closeStdin();
      const { code, stderr, lines } = await host.exit;
      assert.deepEqual([code, stderr, lines.trim().split('\n').length], [0, '', 1]);
    });

    test('takes a request however it is cut, in chunks, and two in one write', async (t) => {
      const host = await start(t, ECHO);
      const whole = `${head(host, 'a', 'Content-Length: 5')}"one"`;
      assert.match(await exchange(host, [...whole], WHOLE), /^HTTP\/1\.1 200 .*"one"$/s);
      const chunked = `${head(host, 'b', 'Transfer-Encoding: chunked')}3;x=y\r\n"tw\r\n2\r\no"\r\n0\r\nA: b\r\n\r\n`;
      assert.match(await exchange(host, [chunked], WHOLE), /"two"$/);
      assert.match(await exchange(host, [...chunked], WHOLE), /"two"$/);
      const both = await exchange(host, [whole + chunked.replace('/b ', '/c%2Fd ')], /"two"$/);
      assert.match(both, /request-id: a\r\n.*"one"HTTP\/1\.1 200 .*request-id: c%2Fd\r\n.*"two"$/s);
    });

    // Of a static build it is the bootstrap's, whatever is closed.
    if (unpack !== layerPhp) {
      test('leaves an empty standard input to the function', async (t) => {
        const host = await start(t, EMPTY_INPUT);
        assert.deepEqual((await host.invoke()).json, ['', '/dev/null']);
      });
    }

    test('passes large events and results on', async (t) => {
      const host = await start(t, ECHO);
      const text = JSON.stringify('x'.repeat(6_000_000));
      const { status, text: answer } = await host.invoke(text);
      assert.deepEqual([status, answer === text], [200, true]);
    });

    test('refuses a wrong token, another method and an unknown path', async (t) => {
      const host = await start(t, ECHO);
      const right = { 'pilotlight-token': host.token };
      const statuses = [
        await host.send('POST', '/invocations/a', { 'pilotlight-token': 'wrong' }),
        await host.send('POST', '/invocations/a', {}),
        await host.send('GET', '/invocations/a', right),
        await host.send('POST', '/unknown', right),
        await host.send('POST', '/invocations/', right),
      ].map(({ status }) => status);
      assert.deepEqual(statuses, [403, 403, 404, 404, 404]);
    });

    test('answers a fatal error with where it was, and asks to be replaced', async (t) => {
      const host = await start(
        t,
        '<?php return function () { $all = []; while (true) $all[] = str_repeat("x", 1024); };',
      );
      const { status, headers, json } = await host.invoke();
      assert.equal(status, 500);
      assert.equal(headers['pilotlight-replace'], '1');
      assert.equal(headers['lambda-runtime-function-error-type'], 'Runtime.OutOfMemory');
      assert.match(
        String(json.errorMessage),
        /^Allowed memory size of 33554432 bytes .*function\.bundle\.php on line 1/,
      );
      const { code, lines } = await host.exit;
      assert.equal(code, 255);
      assert.match(lines, /"kind":"last","requestId":"id-1","peakMemoryBytes":[1-9]/);
    });

    test('leaves an invocation unanswered whose handler exits, with its last words', async (t) => {
      const host = await start(t, '<?php return function () { echo "so far"; exit(7); };');
      await assert.rejects(host.invoke());
      const { code, stdout, lines } = await host.exit;
      assert.equal(code, 7);
      assert.match(stdout, /\tid-1\tINFO\tso far\n$/);
      assert.match(lines, /"kind":"last".*so far/);
    });

    test('tells why it cannot start', async (t) => {
      const cases: readonly (readonly [
        code: string,
        options: StartOptions,
        type: string,
        message: RegExp,
      ])[] = [
        [
          '<?php return 1;',
          {},
          'Runtime.HandlerNotFound',
          /returns int, expected a function or key "handler"/,
        ],
        ['<?php fn (', {}, 'Runtime.UserCodeSyntaxError', /bundle\.php" at line 1: \w/],
        ['<?php throw new DomainException("no");', {}, 'DomainException', /^no$/],
        [
          '<?php class A implements Countable {}',
          {},
          'Runtime.FatalError',
          /Class A contains 1 abstract method/,
        ],
        [ECHO, { handler: '../a.b' }, 'Runtime.MalformedHandlerName', /contains "\.\."/],
        [ECHO, { handler: 'lost.php' }, 'Runtime.ImportModuleError', /Cannot find "lost\.php"/],
        [
          ECHO,
          { env: { PILOTLIGHT_KIND: 'fetch' } },
          'Runtime.SettingInvalid',
          /PHP has auto, handler, http/,
        ],
        [
          ECHO,
          { goLine: () => '{"kind":"go","protocol":2}' },
          'Runtime.ProtocolMismatch',
          /protocol 2, this host 1/,
        ],
      ];
      for (const [code, options, type, message] of cases) {
        const { firstLine, exit } = await start(t, code, options);
        assert.equal(firstLine.errorType, type, JSON.stringify(firstLine));
        assert.match(String(firstLine.errorMessage), message);
        assert.notEqual((await exit).code, 0);
      }
    });
  });
}
