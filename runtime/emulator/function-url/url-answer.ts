import { z } from 'zod';
import { parseUrlHead, type UrlHead } from './url-head.ts';

/** A whole answer of a function URL. */
export interface UrlAnswer extends UrlHead {
  readonly body: Uint8Array;
}

const BODY = z.object({ body: z.string().nullish(), isBase64Encoded: z.boolean().nullish() });

/**
 * Makes an HTTP answer of a function's result. A result without a status code is itself the body.
 *
 * @param payload the result as the function gave it
 * @throws {Error} when it is nothing that can be sent, with the reason
 */
export function parseUrlAnswer(payload: Uint8Array): UrlAnswer {
  const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    return { ...parseUrlHead({}, 'application/json'), body: payload };
  }
  const head = parseUrlHead(value, 'application/json');
  const parsed = BODY.safeParse(value);
  if (!parsed.success) throw new Error('"body" of the answer is no string');
  const { body, isBase64Encoded } = parsed.data;
  return { ...head, body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8') };
}
