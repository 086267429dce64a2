import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { request } from 'undici';
import type { AnswerStream } from '../../../runtime/emulator/invocation.ts';
import { createRuntimeRoutes } from '../../../runtime/emulator/runtime-routes.ts';
import { startRuntimeServer } from '../../../runtime/emulator/runtime-server.ts';
import { RuntimeSession } from '../../../runtime/emulator/runtime-session.ts';

/** What `deliver` hands out. */
export const DELIVERY = {
  requestId: 'r1',
  nonce: 'n1',
  event: Buffer.from('{"a":1}'),
  headers: { 'lambda-runtime-aws-request-id': 'r1', 'lambda-runtime-invocation-id': 'n1' },
};

/**
 * Serves a Runtime API that ends with the test.
 *
 * @param t the test's context
 * @returns its session, and calls to it
 */
export async function useRuntimeApi(t: TestContext) {
  const session = new RuntimeSession();
  const server = await startRuntimeServer(createRuntimeRoutes(session));
  t.after(() => server.close());
  const call = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: string | Uint8Array,
    headers: Record<string, string> = {},
  ) => {
    const answer = await request(`http://${server.address}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const content = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, content };
  };
  const runtime = (path: string, body?: string | Uint8Array, headers?: Record<string, string>) =>
    call(body === undefined ? 'GET' : 'POST', `/2018-06-01/runtime${path}`, body, headers);
  return { session, server, call, runtime };
}

/** The type that a refusal tells. */
export function errorType(answer: { content: string }): unknown {
  return JSON.parse(answer.content).errorType;
}

/**
 * Polls and delivers the event in `DELIVERY`.
 *
 * @param api as `useRuntimeApi` made it
 * @param stream where the answer goes piece by piece, if it does
 */
export async function deliver(
  { session, runtime }: Awaited<ReturnType<typeof useRuntimeApi>>,
  stream?: AnswerStream,
) {
  const polled = runtime('/invocation/next');
  await session.initialised;
  const delivered = session.deliver({ ...DELIVERY, stream });
  assert.equal((await polled).status, 200);
  return delivered;
}

/**
 * Sends bytes, ends, and returns what came back.
 *
 * @param address of the Runtime API
 * @param lines what is sent
 */
export async function raw(address: string, lines: readonly string[]): Promise<string> {
  const socket = connect({ port: Number(address.split(':')[1]), host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  socket.end(lines.join('\r\n'));
  return text(socket);
}
