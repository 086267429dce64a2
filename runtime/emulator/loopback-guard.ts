import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from './service-error.ts';

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\]|([a-z0-9_-]+\.)+localhost)$/i;

/**
 * Refuses requests that a web page made a browser send: pages reach 127.0.0.1 too, under their own `Origin`, or under
 * a name of theirs that they let point here.
 *
 * @throws {ServiceError} `AccessDeniedException`
 */
export function requireLoopback(headers: IncomingHttpHeaders): void {
  const host = headers.host?.replace(/:\d+$/, '') ?? '';
  if (!LOOPBACK_HOST.test(host)) {
    throw new ServiceError('AccessDeniedException', `Host "${headers.host ?? ''}" is not a loopback name`);
  }
  const { origin } = headers;
  if (origin !== undefined && !isLoopbackOrigin(origin)) {
    throw new ServiceError('AccessDeniedException', `Origin "${origin}" is not a loopback address`);
  }
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK_HOST.test(new URL(origin).hostname);
}
