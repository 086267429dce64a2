import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before } from 'node:test';

/** What happens to one request that writes; `lost` is carried out, and its answer never arrives. */
export type WriteFault = 'throttle' | 'error' | 'reset' | 'lost' | (() => void);

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
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    if (isWrite) writes.push(`${request.method} ${request.url}`);
    const fault = isWrite ? faults[writes.length - 1] : undefined;
    const body = await buffer(request);
    if (fault === 'throttle' || fault === 'error') {
      const [status, type] =
        fault === 'throttle' ? [429, 'TooManyRequestsException'] : [500, 'ServiceException'];
      response.writeHead(status, { 'x-amzn-errortype': type, 'content-type': 'application/json' }).end('{}');
      return;
    }
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(`${target()}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(isWrite && body.length > 0 ? { body } : {}),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (fault === 'lost') return void request.socket.resetAndDestroy();
    if (typeof fault === 'function') fault();
    const {
      'content-encoding': ___,
      'transfer-encoding': ____,
      ...kept
    } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { ...kept, 'content-length': content.length }).end(content);
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
