import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before } from 'node:test';

/** What happens to one request that writes; `lost` is carried out, and its answer never arrives. */
export type WriteFault = 'throttle' | 'error' | 'reset' | 'lost' | ((write: string) => void);

/** Of some services the action stands in a form or a header, and reads are sent as writes are. */
const FORM = 'application/x-www-form-urlencoded';
const READING_ACTION = /^(?:Get|List)/;
/** What holds for one connection alone, or is said anew. */
const OF_ONE_HOP = ['host', 'connection', 'expect', 'transfer-encoding', 'content-length'];

/**
 * Stands between a client and an API for all tests of a `describe`: tells which requests wrote something, and has
 * some of them go wrong.
 *
 * @param target tells the address of the API
 */
export function useWriteProxy(target: () => string) {
  const writes: string[] = [];
  let faults: readonly (WriteFault | undefined)[] = [];
  const server = createServer((request, response) => void pass(request, response));

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const write = nameOfWrite(request, body);
    if (write !== undefined) writes.push(write);
    const fault = write === undefined ? undefined : faults[writes.length - 1];
    if (fault === 'throttle' || fault === 'error') return refuse(request, response, fault);
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    const headers = Object.entries(request.headers).filter(([name]) => !OF_ONE_HOP.includes(name));
    const answer = await fetch(`${target()}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(headers) as Record<string, string>,
      ...(body.length > 0 ? { body } : {}),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (fault === 'lost') return void request.socket.resetAndDestroy();
    if (typeof fault === 'function') fault(write ?? '');
    const { 'content-encoding': _, 'transfer-encoding': __, ...kept } = Object.fromEntries(answer.headers);
    const length = request.method === 'HEAD' ? {} : { 'content-length': content.length };
    response.writeHead(answer.status, { ...kept, ...length }).end(content);
  }

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    /** What the work wrote, with faults for its writes in order. */
    async during(work: () => Promise<unknown>, planned: readonly (WriteFault | undefined)[] = []) {
      writes.length = 0;
      faults = planned;
      await work();
      faults = [];
      return writes.map((write) => write.replace(/\?.*/, ''));
    },
  };
}

function nameOfWrite({ method, url, headers }: IncomingMessage, body: Buffer): string | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  const isForm = headers['content-type']?.startsWith(FORM) === true;
  const form = isForm ? new URLSearchParams(body.toString()).get('Action') : undefined;
  const action = form ?? String(headers['x-amz-target'] ?? '').split('.')[1];
  if (action === undefined) return `${method} ${url}`;
  return READING_ACTION.test(action) ? undefined : action;
}

/** In the language of the service that was asked: JSON is Lambda's, the others' is XML. */
function refuse(request: IncomingMessage, response: ServerResponse, fault: 'throttle' | 'error'): void {
  const status = fault === 'throttle' ? 429 : 500;
  const path = request.url ?? '';
  if (/^\/\d{4}-/.test(path)) {
    const type = fault === 'throttle' ? 'TooManyRequestsException' : 'ServiceException';
    response.writeHead(status, { 'x-amzn-errortype': type, 'content-type': 'application/json' }).end('{}');
    return;
  }
  const error = `<Error><Code>${fault === 'throttle' ? 'SlowDown' : 'InternalError'}</Code></Error>`;
  const content = path === '/' ? `<ErrorResponse>${error}</ErrorResponse>` : error;
  response.writeHead(status, { 'content-type': 'text/xml' }).end(content);
}
