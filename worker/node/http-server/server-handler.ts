import type { Handler } from '../adapters/handler.ts';
import type { Context } from '../context.ts';
import { HostError } from '../errors.ts';
import { StreamedResult } from '../stream/streamed-result.ts';
import type { HeaderField, HttpRequest } from '../web/http-request.ts';
import { httpPrelude, httpResult } from '../web/http-result.ts';
import { parseHttpEvent } from '../web/parse-http-event.ts';
import { BodyParts } from './body-parts.ts';
import { exchange, type ServerAnswer } from './exchange.ts';
import { LAMBDA_CONTEXT_HEADERS, lambdaContextHeaders } from './lambda-context-headers.ts';
import type { ServerAddress } from './server-watch.ts';

/** Where other events than HTTP go, as with AWS's Lambda Web Adapter. */
const EVENTS_PATH = '/events';

/**
 * Makes a handler that hands its events to a server.
 * @param address - where the server listens
 * @param stream - whether answers to HTTP events are streamed
 * @returns the handler; it rejects with what `exchange` throws, and with a HostError `Function.EventRefused` when
 * the server answers another event than HTTP with a status beyond the 200s
 */
export function createServerHandler(address: ServerAddress, stream: boolean): Handler {
  return async (event, context) => {
    const request = parseHttpEvent(event);
    if (request === undefined) return await sendEvent(address, event, context);
    const headers = withContext(withHost(request), event, context);
    const answer = await exchange(address, { ...request, headers });
    if (!stream || request.source === 'alb')
      return httpResult(request, { ...answer, body: await readAll(answer) });
    const type = answer.body.headers['content-type'] ?? 'application/octet-stream';
    return new StreamedResult(new BodyParts(answer.body), type, httpPrelude(answer));
  };
}

async function sendEvent(address: ServerAddress, event: unknown, context: Context): Promise<unknown> {
  const fields: HeaderField[] = [
    ['host', 'localhost'],
    ['content-type', 'application/json'],
  ];
  const headers = withContext(fields, event, context);
  const body = Buffer.from(JSON.stringify(event));
  const answer = await exchange(address, { method: 'POST', target: EVENTS_PATH, headers, body });
  const text = (await readAll(answer)).toString('utf8');
  // Whoever sent the event knows nothing of HTTP: without an error a queue would take it for done.
  if (answer.status < 200 || answer.status > 299) throw eventRefused(answer.status, text);
  return parseAnswer(text);
}

/** An answer need not be JSON: then it is a text, and none is `null`. */
function parseAnswer(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withHost({ headers, authority }: HttpRequest): readonly HeaderField[] {
  return headers.some(([name]) => name === 'host') ? headers : [...headers, ['host', authority]];
}

function withContext(fields: readonly HeaderField[], event: unknown, context: Context): HeaderField[] {
  const own = fields.filter(([name]) => !LAMBDA_CONTEXT_HEADERS.has(name));
  return [...own, ...lambdaContextHeaders(event, context)];
}

async function readAll({ body }: ServerAnswer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function eventRefused(status: number, text: string): HostError {
  const said = text === '' ? 'nothing' : `"${text.slice(0, 200)}"`;
  return new HostError(
    'Function.EventRefused',
    `Cannot hand over the event: POST ${EVENTS_PATH} was answered with status ${status} and ${said}, expected a status from 200 to 299`,
  );
}
