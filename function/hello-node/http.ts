/** The part of API Gateway's payload format 2.0 that is read here; function URLs send the same. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whether an event comes from API Gateway's HTTP API. */
export function isHttpEvent(event: unknown): event is HttpEvent {
  return typeof event === 'object' && event !== null && 'version' in event && event.version === '2.0';
}

/** The name in the query string, else in the JSON body; throws when the body is no JSON. */
export function readName(event: HttpEvent): string | undefined {
  const asked = new URLSearchParams(event.rawQueryString).get('name');
  if (asked !== null) return asked;
  if (event.body === undefined || event.body === '') return undefined;
  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body;
  const name: unknown = JSON.parse(text)?.name;
  return typeof name === 'string' ? name : undefined;
}

/** A JSON answer to an HTTP request. */
export function jsonResult(statusCode: number, value: unknown): HttpResult {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
