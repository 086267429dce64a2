import type { ServerResponse } from 'node:http';
import type { EventMessage } from './fault.ts';

/**
 * Sends an event, and resolves when the system has all of it.
 *
 * @param poll who gets it
 * @param headers of the event
 * @param body of the event
 */
export function send(poll: ServerResponse, headers: EventMessage['headers'], body: Buffer): Promise<void> {
  return new Promise((resolve) => void poll.writeHead(200, headers).end(body, () => resolve()));
}
