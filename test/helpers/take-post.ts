import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ScriptedEvent, ScriptedLambdaApi } from './scripted-lambda-api.ts';

/** A post whose body is the test's to read, and whose answer is the test's to give. */
export interface TakenPost {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Hands out an event, and resolves as soon as its post begins.
 *
 * @param api the Runtime API
 * @param event the event
 */
export function takePost(api: ScriptedLambdaApi, event: ScriptedEvent): Promise<TakenPost> {
  return new Promise((resolve) => {
    api.takers.push((request, response) => resolve({ request, response }));
    void api.send(event);
  });
}
