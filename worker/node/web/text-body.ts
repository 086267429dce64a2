import { isUtf8 } from 'node:buffer';

const TEXT_TYPE =
  /^\s*(?:text\/|(?:application|image)\/(?:[\w.-]+\+)?(?:json|javascript|ecmascript|xml|yaml|x-yaml|x-www-form-urlencoded)\b)/i;

/**
 * Decides whether a body goes into a result as it is: base64 costs a third more and, on REST APIs, a setting.
 * @param body - the body
 * @param contentType - what it is said to be; nothing counts as text
 * @param contentEncoding - for example `gzip`
 * @returns whether it is text; bytes that are no UTF-8 never are, whatever they are said to be
 */
export function isTextBody(
  body: Buffer,
  contentType: string | undefined,
  contentEncoding: string | undefined,
): boolean {
  if (body.length === 0) return true;
  if ((contentEncoding ?? 'identity').toLowerCase() !== 'identity') return false;
  return (contentType === undefined || TEXT_TYPE.test(contentType)) && isUtf8(body);
}
