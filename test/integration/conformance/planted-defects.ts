import type { Defect, DefectRow } from './defect.ts';
import { LIFECYCLE_DEFECTS } from './lifecycle-defects.ts';
import { LOG_DEFECTS } from './log-defects.ts';

const ROWS: readonly DefectRow[] = [
  [
    'an error is posted after a refusal',
    'refused-413',
    '  if (status >= 500) throw',
    "  if (status === 413) await send('POST', path.replace('response', 'error'), headers, Buffer.from('{}'));\n  if (status >= 500) throw",
  ],
  [
    'polls are repeated after a 500',
    'refused-poll-500',
    '  if (status !== 200 || id === undefined) throw',
    '  if (status === 500) return;\n  if (status !== 200 || id === undefined) throw',
  ],
  [
    'refused polls are repeated for ever',
    'refused-poll-403',
    '  if (status !== 200 || id === undefined) throw',
    '  if (status === 403) return;\n  if (status !== 200 || id === undefined) throw',
  ],
  ['an event without an id is run', 'refused-poll-without-id', ' || id === undefined) throw', ') throw'],
  [
    'results have the mode "buffered"',
    'headers-out-no-mode',
    "{ 'Content-Type': 'application/json', ...extra }",
    "{ 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Response-Mode': 'buffered', ...extra }",
  ],
  [
    'results have another type',
    'headers-out-content-type',
    "{ 'Content-Type': 'application/json', ...extra }",
    "{ 'Content-Type': 'text/plain', ...extra }",
  ],
  ['the user agent names a library', 'headers-out-user-agent', 'aws-lambda-kit/1.0', 'node'],
  ['the mark of a delivery is not sent back', 'nonce-result', 'nonce === undefined ? {} :', 'true ? {} :'],
  [
    'the mark of the event before is sent',
    'nonce-absent',
    "const extra = nonce === undefined ? {} : { 'Lambda-Runtime-Invocation-Id': nonce };",
    "globalThis.mark ??= nonce;\n  const extra = globalThis.mark ? { 'Lambda-Runtime-Invocation-Id': globalThis.mark } : {};",
  ],
  ['the trace of the event before stays', 'trace-removed', 'delete process.env._X_AMZN_TRACE_ID', 'return'],
  ['the trace id is not set', 'trace-set', "  setTrace(headers['lambda-runtime-trace-id']);", ''],
  [
    'half an event is taken for one',
    'connection-reset-within-event',
    '        reject(error);',
    "        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.from('{}') });",
  ],
  [
    'an event that is no JSON ends the loop',
    'json-truncated',
    "    const event = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));",
    "    const event = await Promise.resolve().then(() => JSON.parse(body.toString('utf8'))).catch(() => process.exit(1));",
  ],
  [
    'events are read as Latin-1',
    'unicode-planes',
    "JSON.parse(body.toString('utf8'))",
    "JSON.parse(body.toString('latin1'))",
  ],
  ['a result of undefined has no body', 'json-nothing', " ?? 'null';", " ?? '';"],
  [
    'the length counts characters',
    'unicode-planes',
    "{ 'Content-Length': body.length }",
    "{ 'Content-Length': body.toString().length }",
  ],
  ['an error has no type', 'error-body', 'errorType: error.name, errorMessage', 'errorMessage'],
  [
    'the category of errors is a class',
    'error-type-header',
    "'Lambda-Runtime-Function-Error-Type': 'Function.Failed',\n};",
    "'Lambda-Runtime-Function-Error-Type': 'TypeError',\n};",
  ],
  [
    'messages of errors go into a header',
    'unicode-error-message',
    '  post(path, { ...ERROR_HEADERS, ...headers },',
    "  post(path, { ...ERROR_HEADERS, 'Lambda-Runtime-Function-XRay-Error-Cause': String(error?.message), ...headers },",
  ],
  [
    'init errors are not told',
    'init-throws',
    '  await postError(errorPath, {}, error);',
    '  console.error(error);',
  ],
  [
    'the runtime polls after an init error',
    'init-ends',
    '  await postError(errorPath, {}, error);\n  process.exit(1);',
    "  await postError(errorPath, {}, error);\n  await send('GET', '/invocation/next', {});\n  process.exit(1);",
  ],
  [
    'a handler that is missing is found by the first event',
    'init-no-handler',
    "  if (typeof module[name] !== 'function') throw",
    "  if (name === '') throw",
  ],
  ['SIGTERM is ignored', 'signal-while-polling', '  if (running === 0) process.exit(0);', ''],
  [
    'polls end after two seconds',
    'connection-long-poll',
    '  const answer = answerTo(message);',
    "  message.setTimeout(2000, () => message.destroy(new Error('timeout')));\n  const answer = answerTo(message);",
  ],
  [
    'all deadlines are the first one',
    'deadline-of-each',
    "  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);",
    "  globalThis.firstDeadlineMs ??= Number(headers['lambda-runtime-deadline-ms']);\n  const deadlineMs = globalThis.firstDeadlineMs;",
  ],
  [
    'one event at a time, whatever the variable says',
    'concurrency-all-at-once',
    'Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY ?? 1)',
    '1',
  ],
  [
    'the next poll is sent before the answer',
    'concurrency-off',
    'Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY ?? 1)',
    '2',
  ],
  [
    'an event that came before is not run again',
    'replay-same-id',
    "  const nonce = headers['lambda-runtime-invocation-id'];",
    "  globalThis.seen ??= new Set();\n  if (seen.size === seen.add(id).size) return;\n  const nonce = headers['lambda-runtime-invocation-id'];",
  ],
  [
    'streams have no mode',
    'stream-headers',
    "      'Lambda-Runtime-Function-Response-Mode': 'streaming',\n",
    '',
  ],
  [
    'the error of a stream is a part of it',
    'stream-fails-within',
    '    if (error !== undefined) {',
    "    if (error !== undefined) this.message.write('Lambda-Runtime-Function-Error-Type: Function.Failed');\n    if (false) {",
  ],
  [
    'the prelude is sent with the first part only',
    'stream-prelude-empty-body',
    '    await stream.finishWith();',
    '    if (stream.message === undefined) stream.prelude = Buffer.alloc(0);\n    await stream.finishWith();',
  ],
  [
    'a stream leaves when it is whole',
    'stream-first-byte',
    '    this.message.write(chunk, done);',
    '    this.message.cork();\n    this.message.write(chunk);\n    done();',
  ],
  ['a stream is over before its 202', 'stream-poll-after-202', '    await this.answer;', ''],
];

/** Mistakes that bootstraps are known for. */
export const DEFECTS: readonly Defect[] = [...ROWS, ...LOG_DEFECTS, ...LIFECYCLE_DEFECTS].map(
  ([name, finds, text, becomes]) => ({ name, finds, text, becomes }),
);
