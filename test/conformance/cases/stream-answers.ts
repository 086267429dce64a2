import assert from 'node:assert/strict';
import type { ApiRequest } from '../api/api-request.ts';
import type { Kit } from '../kit.ts';

export const TYPE_TRAILER = 'lambda-runtime-function-error-type';
export const BODY_TRAILER = 'lambda-runtime-function-error-body';
const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response';
const NULS = Buffer.alloc(8);

/**
 * Splits what stands before the eight NULs from what follows.
 *
 * @param answer a stream with status and headers
 * @throws when there is no such prelude
 */
export function splitPrelude(answer: ApiRequest): { prelude: Record<string, unknown>; rest: string } {
  assert.equal(answer.header('content-type'), HTTP_RESPONSE);
  const end = answer.body.indexOf(NULS);
  assert.notEqual(end, -1, 'eight NULs are to end the prelude');
  const text = answer.body.toString('utf8', 0, end);
  return {
    prelude: JSON.parse(text) as Record<string, unknown>,
    rest: answer.body.toString('utf8', end + NULS.length),
  };
}

/**
 * The text of a stream; some clients put a prelude before every one.
 *
 * @param answer the stream, whole or not
 */
export function payloadOf(answer: ApiRequest): string {
  if (answer.header('content-type') !== HTTP_RESPONSE) return answer.text;
  const end = answer.body.indexOf(NULS);
  return end === -1 ? '' : answer.body.toString('utf8', end + NULS.length);
}

/**
 * Takes the whole answer to an event, also of a client that polls before it.
 *
 * @param kit of the case
 * @param body of the event
 */
export async function answerTo(kit: Kit, body: unknown): Promise<ApiRequest> {
  const id = await kit.deliver({ body });
  const answer = await kit.request(`an answer to ${id}`, ({ path }) => path.includes(`/${id}/`));
  return answer.whole();
}

/**
 * Sees that trailers tell of a failure.
 *
 * @param answer the stream, whole
 * @param message what the error's message is to match
 * @throws when they do not
 */
export function assertTrailers(answer: ApiRequest, message: RegExp): void {
  assert.notEqual(answer.trailers.get(TYPE_TRAILER), undefined, 'the trailer with the type');
  const body = Buffer.from(answer.trailers.get(BODY_TRAILER) ?? '', 'base64').toString('utf8');
  assert.match((JSON.parse(body) as { errorMessage: string }).errorMessage, message);
}

/**
 * Sees that nothing comes while the first answer waits for its 202.
 *
 * @param kit of the case
 * @throws when something does
 */
export async function noPollBefore202(kit: Kit): Promise<void> {
  // The wait is what is tested.
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(kit.api.requests.length, 2, 'requests before the 202');
}
