import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../helpers/needs.ts';
import { phpLayers } from '../helpers/php-layers.ts';
import { type TestFunction, useLocalLambda } from '../helpers/use-local-lambda.ts';

const HELLO = join(import.meta.dirname, '../../function/hello-php');

/** As users of other runtimes for PHP write theirs: a file that returns an object. */
const SERVICE = `<?php
final class Service {
    private int $count = 0;
    public function handle(mixed $event, Pilotlight\\Context $context): mixed {
        return match ($event['do'] ?? null) {
            'throw' => throw new LogicException('outer', 0, new DomainException('inner')),
            'exit' => exit(3),
            'fill' => str_repeat('x', 1 << 30),
            'sleep' => sleep(30),
            'print' => $this->print(),
            'warn' => [$event['missing'], error_log('by hand')],
            'binary' => "\\xff",
            'count' => ++$this->count,
            'leave' => exec('setsid sleep 1000 > /dev/null 2>&1 & echo started'),
            default => [$event, $context->functionName, $context->getRemainingTimeInMillis() > 0, getenv('_X_AMZN_TRACE_ID') === $context->xRayTraceId],
        };
    }
    private function print(): int { print_r(['a' => 1]); ob_start(); echo "line\\nlast"; return 1; }
}
return new Service();
`;

const settings = {
  interpreter: 'php',
  handler: 'src/service.php',
  // A busy machine may need most of it to get the report out before Lambda's own end.
  environment: { PILOTLIGHT_DEADLINE_MARGIN_MS: '500' },
};
const service: TestFunction = {
  files: { 'src/service.php': SERVICE },
  settings: { ...settings, timeoutS: 2 },
};

test('example hello-php greets', needs('php-layer'), async (t) => {
  const lambda = await useLocalLambda(t, { hello: { folder: HELLO, layers: await phpLayers() } });
  assert.deepEqual((await lambda.call('hello', { name: 'Ada' })).value, { greeting: 'Hello, Ada' });
  assert.match(lambda.lines.join('\n'), /\tINFO\thello was asked for a greeting/);
});

test(
  'a function in PHP keeps its environment whatever becomes of an invocation',
  needs('php-layer'),
  async (t) => {
    const lambda = await useLocalLambda(t, { service: { ...service, layers: await phpLayers() } });
    const call = async (event: unknown) => (await lambda.call('service', event)).value;
    const fails = async (what: string) =>
      (await call({ do: what })) as { errorType: string; errorMessage: string; trace: string[] };

    assert.deepEqual(await call({ a: [] }), [{ a: [] }, 'service', true, true]);
    assert.equal(await call({ do: 'count' }), 1);

    const { trace, ...thrown } = await fails('throw');
    assert.deepEqual(thrown, { errorType: 'LogicException', errorMessage: 'outer' });
    assert.match(
      trace.join('\n'),
      /^LogicException: outer\n#0 \S+src\/service\.php\(6\): Service->handle\nCaused by DomainException: inner\n#0 \S+src\/service\.php\(6\): Service->handle$/,
    );
    const unwritable = await fails('binary');
    assert.equal(unwritable.errorType, 'Runtime.JSONStringifyError');
    assert.match(unwritable.errorMessage, /Malformed UTF-8/);
    assert.equal(await call({ do: 'count' }), 2, 'the same worker');

    // PHP hands its descriptors to all it starts: this one holds the connection and the worker's lines open.
    assert.equal(await call({ do: 'leave' }), 'started');
    const exited = await fails('exit');
    assert.equal(exited.errorType, 'Runtime.ExitError');
    assert.match(exited.errorMessage, /the worker exited with code 3; peak memory \d+ MiB/);
    assert.equal(await call({ do: 'count' }), 1, 'a new worker');

    const filled = await fails('fill');
    assert.equal(filled.errorType, 'Runtime.OutOfMemory');
    assert.match(filled.errorMessage, /src\/service\.php on line 8; raise the function's memory/);
    assert.equal(await call({ do: 'count' }), 1, 'a new worker');

    const late = await fails('sleep');
    assert.equal(late.errorType, 'Sandbox.Timedout');
    assert.match(
      late.errorMessage,
      /^Task timed out after 2\.00 seconds: the code stands at \S+src\/service\.php:9, in \w*nanosleep$/,
    );
    assert.equal(await call({ do: 'count' }), 1, 'a new worker');
  },
);

test(
  'what a function in PHP prints and what PHP warns of are lines of the log',
  needs('php-layer'),
  async (t) => {
    const layers = await phpLayers();
    const lambda = await useLocalLambda(t, {
      text: { ...service, layers },
      json: { ...service, layers, settings: { ...service.settings, logFormat: 'JSON' } },
    });
    for (const name of ['text', 'json']) {
      await lambda.call(name, { do: 'print' });
      await lambda.call(name, { do: 'warn' });
    }
    const text = lambda.lines.flatMap((line) => /^\S+Z\t[\w-]{36}\t(\w+)\t(.*)/.exec(line)?.slice(1) ?? []);
    const json = lambda.lines.flatMap((line) => {
      if (!line.startsWith('{"timestamp"')) return [];
      const { level, message } = JSON.parse(line);
      return [level, message];
    });
    const printed = ['Array', '(', '    [a] => 1', ')', 'line', 'last'].flatMap((line) => ['INFO', line]);
    for (const lines of [text, json]) {
      assert.deepEqual(lines.slice(0, 12), printed);
      const [warn, warning, ...others] = lines.slice(12);
      assert.equal(warn, 'WARN');
      assert.match(warning, /^Warning: Undefined array key "missing" in \S+src\/service\.php on line 11$/);
      assert.deepEqual(others, ['ERROR', 'by hand']);
    }
  },
);
