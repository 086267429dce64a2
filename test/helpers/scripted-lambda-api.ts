import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { INIT_ERROR_PATH, NEXT_PATH } from '../../runtime/lambda-api/names.ts';
import { type ScriptedSideCalls, scriptSideCalls } from './scripted-side-calls.ts';
import type { Cleaner } from './use-tmp.ts';

/** An event as a test scripts it. */
export interface ScriptedEvent {
  readonly id: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a runtime posted. */
export interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: NodeJS.Dict<string>;
}

/** Takes a post before any of its body was read; what it leaves unread is not read. */
export type TakePost = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * What to do with the next request: a status to answer, `reset` to cut the connection after its body came, or `half`
 * to cut it within the answer.
 */
export type Reaction = { readonly status: number; readonly body?: string } | 'reset' | 'half';

/** Lambda takes an error's cause of 64 KiB. */
const MAX_HEADER_BYTES = 128 * 1024;

/** A Runtime API that does what a test says, also what Lambda never should. */
export interface ScriptedLambdaApi {
  readonly authority: string;
  /** Hands out an event to the next poll and resolves with what comes back for it. */
  send(event: ScriptedEvent): Promise<Post>;
  /** Resolves with the init error. */
  initError(): Promise<Post>;
  /** Resolves when a poll waits. */
  polled(): Promise<void>;
  /** Reactions to the next posts, in order; after them 202. */
  readonly reactions: Reaction[];
  /** Who takes the next posts, in order, before there are reactions; such posts are not among `posts`. */
  readonly takers: TakePost[];
  /** Reactions to the next polls, before events are handed out again. */
  readonly pollReactions: Reaction[];
  /** Closes all connections as a server does with idle ones, by FIN or RST; a poll that waited on one is void. */
  cut(how: 'end' | 'reset'): void;
  /** How many connections are open. */
  connections(): number;
  /** What the runtime asks for beside events. */
  readonly side: ScriptedSideCalls;
  /** Every post, in order. */
  readonly posts: Post[];
}

/**
 * Starts a scripted Runtime API that ends with the test.
 *
 * @param t the test's context
 * @param host the address it listens on
 */
export async function useScriptedLambdaApi(t: Cleaner, host = '127.0.0.1'): Promise<ScriptedLambdaApi> {
  const events: ScriptedEvent[] = [];
  const polls: ServerResponse[] = [];
  const posts: Post[] = [];
  const reactions: Reaction[] = [];
  const pollReactions: Reaction[] = [];
  const takers: TakePost[] = [];
  const waiting: { readonly match: (post: Post) => boolean; readonly resolve: (post: Post) => void }[] = [];
  const pollWaiters: (() => void)[] = [];

  const side = scriptSideCalls();

  const deliver = () => {
    while (polls.length > 0 && events.length > 0) {
      const [poll, event] = [polls.shift(), events.shift()] as [ServerResponse, ScriptedEvent];
      const body = Buffer.from(event.body ?? '{}');
      poll.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': event.id,
        'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
        'content-length': body.length,
        ...event.headers,
      });
      poll.end(body);
      // As Lambda does: an event whose poll broke goes to the next one.
      poll.once('close', () => {
        if (poll.writableFinished) return;
        events.unshift(event);
        deliver();
      });
    }
  };

  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES },
    (request, response) => {
      if (side.take(request, response)) return;
      if (request.method === 'GET' && request.url === NEXT_PATH) {
        const reaction = pollReactions.shift();
        if (reaction !== undefined) return react(request, response, reaction);
        polls.push(response);
        response.once('close', () => {
          if (polls.includes(response)) polls.splice(polls.indexOf(response), 1);
        });
        for (const wake of pollWaiters.splice(0)) wake();
        return deliver();
      }
      const take = takers.shift();
      if (take !== undefined) return take(request, response);
      void readAll(request).then((body) => {
        const post = { path: request.url ?? '', headers: request.headers, body, trailers: request.trailers };
        posts.push(post);
        react(request, response, reactions.shift() ?? { status: 202, body: '{"status":"OK"}\n' });
        for (const [index, waiter] of [...waiting.entries()].reverse()) {
          if (waiter.match(post)) waiting.splice(index, 1)[0]?.resolve(post);
        }
      });
    },
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });

  const wait = (match: (post: Post) => boolean) =>
    new Promise<Post>((resolve) => waiting.push({ match, resolve }));
  return {
    authority: `${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    send(event) {
      const answered = wait((post) => post.path.includes(`/${event.id}/`));
      events.push(event);
      deliver();
      return answered;
    },
    initError: () => wait((post) => post.path === INIT_ERROR_PATH),
    polled: () =>
      polls.length > 0 ? Promise.resolve() : new Promise((resolve) => pollWaiters.push(resolve)),
    cut(how) {
      polls.length = 0;
      // Closed for good: what still comes is answered with RST instead of being read.
      for (const socket of sockets) how === 'end' ? socket.destroy() : socket.resetAndDestroy();
    },
    reactions,
    takers,
    pollReactions,
    connections: () => sockets.size,
    side,
    posts,
  };
}

function react(request: IncomingMessage, response: ServerResponse, reaction: Reaction): void {
  if (reaction === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (reaction === 'half') {
    request.socket.end('HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nhalf of it');
    return;
  }
  response.writeHead(reaction.status, { 'content-type': 'application/json' });
  response.end(reaction.body ?? '{"errorMessage":"scripted","errorType":"Scripted"}');
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
