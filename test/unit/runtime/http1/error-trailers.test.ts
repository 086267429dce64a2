import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorTrailers } from '../../../../runtime/http1/error-trailers.ts';
import { headerOf } from '../../../../runtime/http1/head.ts';

/** What Go's server takes. */
const MAX_BYTES = 4096;
const SMALL = { errorType: 'RangeError', errorMessage: 'é', trace: ['RangeError: é', '  at x'] };

const bodyOf = (trailers: string) =>
  JSON.parse(
    Buffer.from(headerOf(trailers, 'lambda-runtime-function-error-body') ?? '', 'base64').toString(),
  );

test('errorTrailers() tells category and error', () => {
  const trailers = errorTrailers('Function.RangeError', SMALL);
  assert.equal(headerOf(trailers, 'lambda-runtime-function-error-type'), 'Function.RangeError');
  assert.deepEqual(bodyOf(trailers), SMALL);
});

for (const [what, error] of Object.entries({
  message: { ...SMALL, errorMessage: '\0'.repeat(100_000) },
  trace: { ...SMALL, trace: Array(1_000).fill('  at somewhere (😀)') },
  type: { ...SMALL, errorType: 'E'.repeat(100_000) },
})) {
  test(`errorTrailers() cuts a ${what} that is too long for Lambda to read`, () => {
    const trailers = errorTrailers(`Function.${error.errorType}`, error);
    assert.ok(trailers.length < MAX_BYTES, `${trailers.length} bytes`);
    const told = bodyOf(trailers);
    assert.ok(error.errorMessage.startsWith(told.errorMessage) && told.errorMessage !== '');
    assert.ok(error.errorType.startsWith(told.errorType) && told.errorType !== '');
    assert.deepEqual(told.trace, error.trace.slice(0, told.trace.length));
    assert.notDeepEqual(told, error);
  });
}
