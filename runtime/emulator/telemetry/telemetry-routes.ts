import type { IncomingMessage, ServerResponse } from 'node:http';
import { EXTENSION_ID_HEADER } from '../extensions/extension-routes.ts';
import type { ExtensionSession } from '../extensions/extension-session.ts';
import { readBody } from '../read-body.ts';
import { headerOf } from '../runtime-response.ts';
import { RuntimeApiError } from '../runtime-session.ts';
import { parseSubscription, type Subscription } from './subscription.ts';
import type { TelemetryHub } from './telemetry-hub.ts';

/** The Telemetry API, and the Logs API, which came before it and has the same subscriptions. */
const APIS: Readonly<Record<string, { readonly api: Subscription['api']; readonly name: string }>> = {
  '/2022-07-01/telemetry': { api: 'telemetry', name: 'Telemetry' },
  '/2020-08-15/logs': { api: 'logs', name: 'Logs' },
};
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Answers a request to the Telemetry API or the Logs API.
 *
 * @param hub what can be subscribed to
 * @param extensions who may subscribe
 * @param path of the request
 * @returns false when the path is of neither
 * @throws {RuntimeApiError} what the request is refused with
 */
export async function routeTelemetry(
  hub: TelemetryHub,
  extensions: ExtensionSession,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const found = APIS[path];
  if (request.method !== 'PUT' || found === undefined) return false;
  const { body } = await readBody(request, MAX_BODY_BYTES);
  const { name } = extensions.find(headerOf(request, EXTENSION_ID_HEADER));
  if (hub.closed) {
    const { name: api } = found;
    throw new RuntimeApiError(403, `${api}.SubscriptionClosed`, `${api} API subscription is closed`);
  }
  hub.subscribe(name, readSubscription(found.api, body ?? Buffer.alloc(0)));
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('OK');
  return true;
}

function readSubscription(api: Subscription['api'], body: Buffer): Subscription {
  try {
    return parseSubscription(api, JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new RuntimeApiError(400, 'ValidationError', `Cannot subscribe: ${(error as Error).message}`);
  }
}
