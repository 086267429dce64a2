import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Cleaner } from '../helpers/use-tmp.ts';

/** What a broken runtime would do with an answer: not give it, give it twice, or give another one. */
export type Defect = 'drop' | 'double' | 'garble';

/**
 * Stands between bootstrap and Runtime API, and makes of one answer what a broken runtime would.
 *
 * @param t ends it
 * @param authority address of the Runtime API
 * @param defect what it does
 * @param at which answer, from 0
 * @returns the address for the bootstrap
 */
export async function useDefectProxy(
  t: Cleaner,
  authority: string,
  defect: Defect,
  at: number,
): Promise<string> {
  let posts = 0;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const isStruck = request.method === 'POST' && posts++ === at;
    if (isStruck && defect === 'drop') {
      response.writeHead(202).end('{"status":"OK"}\n');
      return;
    }
    if (isStruck && defect === 'double') await forward(request, body);
    const answer = await forward(request, isStruck && defect === 'garble' ? Buffer.from('{}') : body);
    const { 'transfer-encoding': _, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 0, headers).end(answer.body);
  }

  async function forward({ method, url, headers }: IncomingMessage, body: Buffer) {
    const sent = send(`http://${authority}${url}`, {
      method,
      headers: { ...headers, 'content-length': body.length },
      agent: false,
    });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { statusCode: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  }

  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // A poll that is cut at the end of the run.
    pass(request, response).catch(() => response.socket?.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
