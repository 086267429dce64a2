import { type Fields, fieldsOf, listPairs, textOf } from './event-fields.ts';
import { toWireValue } from './header-text.ts';
import type { HeaderField, HttpRequest, HttpSource } from './http-request.ts';

/** What else could end the host's part of a URL and begin another part of it. */
const AUTHORITY = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;
/** What a request line cannot hold; `?` and `#` in a path are part of its text, since a query comes on its own. */
const ILLEGAL_IN_PATH = /[^!$-;=@-Z[\]_a-z|~%]+/gu;
const ILLEGAL_IN_QUERY = /[^!-"$-~]+/gu;

/**
 * Takes the HTTP request out of an event. Names and meanings: AWS's pages on function URLs, API Gateway's proxy
 * integrations and Lambda targets of load balancers.
 * @param event - any event
 * @returns the request, or `undefined` for an event of another kind, such as a queue's or an authorizer's
 */
export function parseHttpEvent(event: unknown): HttpRequest | undefined {
  const fields = fieldsOf(event);
  const source = findSource(fields);
  if (source === undefined) return undefined;
  const context = fieldsOf(fields.requestContext);
  const headers = readHeaders(fields, source);
  const header = (name: string) => headers.find(([found]) => found === name)?.[1];
  const hosts = [header('host'), textOf(context.domainName)];
  const isSecure = !/^http\s*(?:,|$)/i.test(header('x-forwarded-proto') ?? '');
  return {
    source,
    multiValue: source === 'alb' && typeof (fields.multiValueHeaders ?? undefined) === 'object',
    method: textOf(source === 'url2' ? fieldsOf(context.http).method : fields.httpMethod) ?? 'GET',
    scheme: isSecure ? 'https' : 'http',
    authority: hosts.find(isAuthority) ?? 'localhost',
    target: readPath(fields, source) + readQuery(fields, source),
    headers,
    body: Buffer.from(textOf(fields.body) ?? '', fields.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function findSource(fields: Fields): HttpSource | undefined {
  const context = fieldsOf(fields.requestContext);
  // What an authorizer is asked about is a request too, but what it answers is none.
  if (fields.methodArn !== undefined || fields.routeArn !== undefined) return undefined;
  // A WebSocket begins as a request, and goes on as messages.
  if (context.connectionId !== undefined) return undefined;
  if (fields.version === '2.0') return isObject(context.http) ? 'url2' : undefined;
  if (isObject(context.elb)) return 'alb';
  const isRest = textOf(context.httpMethod) !== undefined || textOf(context.resourceId) !== undefined;
  return isRest && textOf(fields.httpMethod) !== undefined ? 'rest1' : undefined;
}

function readHeaders(fields: Fields, source: HttpSource): HeaderField[] {
  const pairs = listPairs(source === 'url2' ? undefined : fields.multiValueHeaders, fields.headers);
  const headers = pairs.map(([name, value]): HeaderField => [name.toLowerCase(), toWireValue(value)]);
  const cookies = source === 'url2' ? listPairs({ cookie: fields.cookies }, {}) : [];
  if (cookies.length === 0) return headers;
  // Function URLs leave them among the headers too, HTTP APIs do not.
  const others = headers.filter(([name]) => name !== 'cookie');
  return [...others, ['cookie', toWireValue(cookies.map(([, value]) => value).join('; '))]];
}

function readPath(fields: Fields, source: HttpSource): string {
  const path = textOf(source === 'url2' ? fields.rawPath : fields.path) ?? '/';
  return encodeWhere(ILLEGAL_IN_PATH, path.startsWith('/') ? path : `/${path}`);
}

/** REST APIs decode the query, so it is encoded again; the others hand over what the client wrote. */
function readQuery(fields: Fields, source: HttpSource): string {
  const pairs = listPairs(fields.multiValueQueryStringParameters, fields.queryStringParameters);
  const encode = source === 'rest1' ? (text: string) => encodeURIComponent(text.toWellFormed()) : String;
  const query =
    source === 'url2'
      ? (textOf(fields.rawQueryString) ?? '')
      : pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return query === '' ? '' : `?${encodeWhere(ILLEGAL_IN_QUERY, query)}`;
}

function encodeWhere(illegal: RegExp, text: string): string {
  return text.toWellFormed().replace(illegal, encodeURIComponent);
}

function isAuthority(text: string | undefined): boolean {
  return text !== undefined && AUTHORITY.test(text) && URL.canParse(`http://${text}`);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
