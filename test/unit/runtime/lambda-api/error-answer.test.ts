import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PilotlightError } from '../../../../runtime/errors.ts';
import { headerOf } from '../../../../runtime/http1/head.ts';
import { errorAnswer } from '../../../../runtime/lambda-api/error-answer.ts';
import { ERROR_TYPE_HEADER } from '../../../../runtime/lambda-api/names.ts';

test('errorAnswer() carries type, message and trace', () => {
  const answer = errorAnswer(new PilotlightError('WORKER_EXITED', 'gone', { trace: ['last line'] }));
  assert.equal(answer.kind, 'error');
  assert.equal(headerOf(answer.lines, ERROR_TYPE_HEADER), 'Runtime.ExitError');
  assert.deepEqual(JSON.parse(String(answer.body)), {
    errorType: 'Runtime.ExitError',
    errorMessage: 'gone',
    trace: ['last line'],
  });
});

for (const [errorType, header] of [
  ['TypeError', 'Function.TypeError'],
  ['Runtime.ImportModuleError', 'Runtime.ImportModuleError'],
  ['S3Exception', 'Function.Unknown'],
  ['HttpError404', 'Function.HttpError404'],
  ['bad\r\nname', 'Function.Unknown'],
  ['', 'Function.Unknown'],
]) {
  test(`errorAnswer() puts ${JSON.stringify(errorType)} into the header as ${header}`, () => {
    const answer = errorAnswer(new PilotlightError('BUNDLE_FAILED', 'x', { errorType: `${errorType}` }));
    assert.equal(headerOf(answer.lines, ERROR_TYPE_HEADER), header);
    assert.equal(JSON.parse(String(answer.body)).errorType, errorType);
  });
}
