import { randomBytes } from 'node:crypto';

/**
 * Makes the trace header of an invocation, continuing the caller's trace where there is one.
 *
 * @param fromCaller value of the caller's `X-Amzn-Trace-Id`
 * @returns `Root=…;Parent=…;Sampled=…`
 */
export function makeTraceId(fromCaller: string | undefined): string {
  const root = fromCaller?.match(/Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/)?.[1];
  const sampled = fromCaller?.match(/Sampled=([01])/)?.[1] ?? '0';
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return [
    `Root=${root ?? `1-${seconds}-${randomBytes(12).toString('hex')}`}`,
    `Parent=${randomBytes(8).toString('hex')}`,
    `Sampled=${sampled}`,
    `Lineage=1:${randomBytes(4).toString('hex')}:0`,
  ].join(';');
}
