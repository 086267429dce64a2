import type { IncomingMessage, ServerResponse } from 'node:http';
import { EXTENSION_ID_HEADER } from '../extensions/extension-routes.ts';
import type { ExtensionSession } from '../extensions/extension-session.ts';
import { readBody } from '../read-body.ts';
import { headerOf } from '../runtime-response.ts';
import { RuntimeApiError } from '../runtime-session.ts';
import { parseSubscription, type Subscription } from './subscription.ts';
import type { TelemetryHub } from './telemetry-hub.ts';

const TELEMETRY_PATH = '/2022-07-01/telemetry';
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Answers a request to the Telemetry API.
 *
 * @param hub what can be subscribed to
 * @param extensions who may subscribe
 * @param path of the request
 * @returns false when the path is not of this API
 * @throws {RuntimeApiError} what the request is refused with
 */
export async function routeTelemetry(
  hub: TelemetryHub,
  extensions: ExtensionSession,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method !== 'PUT' || path !== TELEMETRY_PATH) return false;
  const { body } = await readBody(request, MAX_BODY_BYTES);
  const { name } = extensions.find(headerOf(request, EXTENSION_ID_HEADER));
  if (hub.closed) {
    throw new RuntimeApiError(403, 'Telemetry.SubscriptionClosed', 'Telemetry API subscription is closed');
  }
  hub.subscribe(name, readSubscription(body ?? Buffer.alloc(0)));
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('OK');
  return true;
}

function readSubscription(body: Buffer): Subscription {
  try {
    return parseSubscription(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new RuntimeApiError(400, 'ValidationError', `Cannot subscribe: ${(error as Error).message}`);
  }
}
