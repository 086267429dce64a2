import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type TestFunction, useLocalLambda } from '../helpers/use-local-lambda.ts';

const CODE = `
console.log('loads');
export const handler = async ({ exit, count = 1 }) => {
  for (let n = 0; n < count; n++) console.log('line %d', n);
  console.debug('quiet');
  console.error('loud', { a: 1 });
  process.stderr.write('plain\\n');
  if (exit !== undefined) process.exit(exit);
};`;

const useLog = (t: TestContext, settings: NonNullable<TestFunction['settings']> = {}) =>
  useLocalLambda(t, {
    logs: { files: { 'function.bundle.js': CODE }, settings: { timeoutS: 20, ...settings } },
  });

/** What a line is: the platform's first word, the function's level and message, or the line itself. */
function shorten(line: string): string {
  if (/^(INIT_START|START|END|REPORT) /.test(line)) return line.split(' ', 1)[0] as string;
  const [time, , level, message] = line.split('\t');
  return /^\d{4}-.*Z$/.test(String(time)) ? `${level} ${message}` : line;
}

interface LogEvent {
  readonly time?: string;
  readonly type?: string;
  readonly record?: Readonly<Record<string, unknown>>;
  readonly level?: string;
  readonly message?: unknown;
  readonly requestId?: string;
}

function shortenEvent(line: string): string {
  if (!line.startsWith('{')) return line;
  const { type, level, message }: LogEvent = JSON.parse(line);
  return type ?? `${level} ${message}`;
}

test('lines of a function stand between START and END, behind those of its init', async (t) => {
  const { call, lines } = await useLog(t);
  for (const init of [['INIT_START', 'INFO loads'], []]) {
    const seen = lines.length;
    const { requestId } = await call('logs', {});
    const logged = lines.slice(seen);
    const own = ['INFO line 0', 'DEBUG quiet', 'ERROR loud { a: 1 }'];
    const shortened = logged.map(shorten);
    // Standard error is a pipe of its own, which only END keeps in its place.
    assert.deepEqual(
      shortened.filter((line) => line !== 'plain'),
      [...init, 'START', ...own, 'END', 'REPORT'],
    );
    const plain = shortened.indexOf('plain');
    assert.ok(shortened.indexOf('START') < plain && plain < shortened.indexOf('END'));
    const told = logged.filter((line) => line.includes(requestId)).map(shorten);
    assert.deepEqual(told, ['START', ...own, 'END', 'REPORT']);
  }
});

test('lines in the format JSON are objects, of the platform and of the function from its level on', async (t) => {
  const { call, lines } = await useLog(t, { logFormat: 'JSON' });
  const { requestId } = await call('logs', {});
  const shortened = lines.map(shortenEvent).filter((line) => line !== 'plain');
  assert.deepEqual(shortened, [
    'platform.initStart',
    'INFO loads',
    'platform.start',
    'INFO line 0',
    'ERROR loud { a: 1 }',
    'platform.report',
  ]);
  const events = lines.filter((line) => line.startsWith('{')).map((line): LogEvent => JSON.parse(line));
  assert.deepEqual(
    events.slice(2).map((event) => event.requestId ?? event.record?.requestId),
    Array(4).fill(requestId),
  );
  const { time, record } = events.at(-1) as LogEvent;
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.partialDeepStrictEqual(record, { status: 'success', metrics: { memorySizeMB: 256 } });
});

test('the log format is part of what the API tells of a function', async (t) => {
  const lambda = await useLog(t, { logFormat: 'JSON', logLevel: 'WARN' });
  const answer = await fetch(`${lambda.url}/2015-03-31/functions/logs/configuration`);
  assert.partialDeepStrictEqual(await answer.json(), {
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', SystemLogLevel: 'INFO' },
  });
});

test('a level in the format JSON holds back what is below it', async (t) => {
  const { call, lines } = await useLog(t, { logFormat: 'JSON', logLevel: 'ERROR' });
  await call('logs', {});
  const own = lines.map(shortenEvent).filter((line) => /^[A-Z]/.test(line));
  assert.deepEqual(own, ['ERROR loud { a: 1 }']);
});

for (const logFormat of ['Text', 'JSON'] as const) {
  test(`no line is lost in the local Lambda when the worker exits right behind it (${logFormat})`, async (t) => {
    const { call, lines } = await useLog(t, { logFormat });
    const { value } = await call('logs', { exit: 3, count: 500 });
    assert.partialDeepStrictEqual(value, { errorType: 'Runtime.ExitError' });
    const shortened = lines.map(logFormat === 'Text' ? shorten : shortenEvent);
    const own = shortened.filter((line) => line.startsWith('INFO line'));
    assert.deepEqual(
      own,
      Array.from({ length: 500 }, (_, n) => `INFO line ${n}`),
    );
    assert.ok(shortened.includes('plain'));
    const end = logFormat === 'Text' ? 'END' : 'platform.report';
    const order = ['INFO line 499', 'ERROR loud { a: 1 }', end].map((line) => shortened.indexOf(line));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.ok(!order.includes(-1));
  });
}

test('an init that fails is reported in the format JSON, with the reason of the function', async (t) => {
  const settings = { logFormat: 'JSON' } as const;
  const files = { 'function.bundle.js': "throw new RangeError('not today')" };
  const { call, lines } = await useLocalLambda(t, { logs: { files, settings } });
  await call('logs', {});
  const report = lines
    .map((line): LogEvent => JSON.parse(line))
    .find((event) => event.type === 'platform.initReport');
  assert.partialDeepStrictEqual(report?.record, {
    phase: 'init',
    status: 'error',
    errorType: 'Function.RangeError',
  });
  assert.match(lines.join('\n'), /not today/);
});
