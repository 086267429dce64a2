import { greet } from './greet.ts';
import { type HttpEvent, type HttpResult, isHttpEvent, jsonResult, readName } from './http.ts';

/** What the function takes when it is called directly. */
interface GreetingEvent {
  readonly name?: string;
}

/** Greets by name: an HTTP API asks with `?name=Ada` or a JSON body, anyone else with `{"name":"Ada"}`. */
export async function handler(
  event: HttpEvent | GreetingEvent | null,
): Promise<HttpResult | { greeting: string }> {
  if (!isHttpEvent(event)) return greet(event?.name);
  try {
    return jsonResult(200, greet(readName(event)));
  } catch (error) {
    return jsonResult(400, { error: (error as Error).message });
  }
}
