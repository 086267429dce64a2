import type { HttpPrelude } from '../stream/streamed-result.ts';
import { endToEndHeaders } from './end-to-end-headers.ts';
import { fromWireValue } from './header-text.ts';
import type { HttpHead, HttpRequest, HttpResponse } from './http-request.ts';
import { isTextBody } from './text-body.ts';

/** What a function answers to an HTTP event. */
export interface HttpResult {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Makes the result of an HTTP answer in the form that the sender of the event reads.
 * @param request - what is answered
 * @param response - the answer
 * @returns the result
 */
export function httpResult(request: HttpRequest, response: HttpResponse): HttpResult {
  const { status, body } = response;
  const values = collectHeaders(response);
  const first = (name: string): string | undefined => values[name]?.[0];
  const isText = isTextBody(body, first('content-type'), first('content-encoding'));
  const content = { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
  if (request.source === 'rest1') return { statusCode: status, multiValueHeaders: values, ...content };
  if (request.source === 'url2') return { ...httpPrelude(response), ...content };
  const described = { statusCode: status, statusDescription: describeStatus(response) };
  return request.multiValue
    ? { ...described, multiValueHeaders: values, ...content }
    : { ...described, headers: singleHeaders(values), ...content };
}

/**
 * Makes what goes before a streamed body.
 * @param head - the answer without its body
 * @returns status, headers and cookies
 */
export function httpPrelude(head: HttpHead): HttpPrelude {
  const { 'set-cookie': cookies = [], ...values } = collectHeaders(head);
  return { statusCode: head.status, headers: joinValues(values), cookies };
}

function collectHeaders({ headers }: HttpHead): Record<string, string[]> {
  // A map, since `constructor` and `__proto__` are legal names.
  const values = new Map<string, string[]>();
  for (const [name, value] of endToEndHeaders(headers)) {
    values.set(name, [...(values.get(name) ?? []), fromWireValue(value)]);
  }
  return Object.fromEntries(values);
}

/** Cookies cannot be joined, but the case of a header's name is free: so each gets a key of its own. */
function singleHeaders({ 'set-cookie': cookies = [], ...values }: Record<string, string[]>) {
  const named = cookies.map((cookie, index): [string, string] => [vary('set-cookie', index), cookie]);
  return { ...joinValues(values), ...Object.fromEntries(named) };
}

/** Upper case for the letters whose bits are set in the number. */
function vary(name: string, number: number): string {
  return name.replace(/[a-z]/g, (letter, place: number) =>
    (number >> (place > 3 ? place - 1 : place)) & 1 ? letter.toUpperCase() : letter,
  );
}

function joinValues(values: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, items]) => [name, items.join(', ')]));
}

function describeStatus({ status, statusText }: HttpHead): string {
  // Not at the top: it takes milliseconds to load, and only load balancers want the words.
  const known = process.getBuiltinModule('node:http').STATUS_CODES[status];
  return `${status} ${statusText || (known ?? 'Unknown')}`;
}
