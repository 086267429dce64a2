import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { INVOCATION_PATH, NEXT_PATH } from '../../runtime/lambda-api/names.ts';
import { Delivery, type DeliveryResult } from './delivery.ts';
import type { Environment } from './environment.ts';
import type { Strike } from './fault.ts';
import type { PlannedInvocation } from './plan.ts';

/** Far more than the start of a worker takes. */
const POLL_LIMIT_MS = 30_000;

/** What faults do to an environment from outside. */
export type Struck = Pick<Environment, 'freeze' | 'killWorker'>;

/** Lambda's side of a run: a strict Runtime API that fails as planned, and writes down what should not have been. */
export interface Platform {
  readonly authority: string;
  /**
   * Hands an invocation out, to the poll that waits or the next one.
   *
   * @param environment which runs it
   * @returns what came of it; resolves with the answer, or at the deadline with the platform's own
   */
  invoke(invocation: PlannedInvocation, environment: Struck): Promise<DeliveryResult>;
  /** Resolves when a poll waits; rejects when none comes for long. */
  polled(): Promise<void>;
  /** What should not have been, in words. */
  readonly violations: string[];
  close(): Promise<void>;
}

/** Below those that the system gives to connections: one of them could take it while a restart lasts. */
const LOWEST_PORT = 10_000;
const PORT_LIMIT = 32_768;
const PORT_TRIES = 100;

/** Starts Lambda's side of a run. */
export async function startPlatform(): Promise<Platform> {
  const violations: string[] = [];
  const sockets = new Set<Socket>();
  const turns = new WeakMap<Socket, Promise<void>>();
  let current: Delivery | undefined;
  /** Becomes the current one with the next poll, as in Lambda: until then a post for the one before is known. */
  let upcoming: Delivery | undefined;
  let poll: ServerResponse | undefined;
  let onPoll: () => void = () => {};
  /** Settles when no fault is at work: one that outlasts its answer would strike the next invocation. */
  let struck: Promise<void> = Promise.resolve();
  let server: Server;

  function next(response: ServerResponse): void {
    if (current?.isRunning) {
      // As Lambda does: who asks again gets the same event, whatever the reason.
      current.countReplay();
      handOutTo(current, response);
      return;
    }
    poll = response;
    response.once('close', () => {
      if (poll === response) poll = undefined;
    });
    onPoll();
    handOut();
  }

  function handOut(): void {
    if (poll === undefined || upcoming === undefined) return;
    const waiting = poll;
    poll = undefined;
    current = upcoming;
    upcoming = undefined;
    handOutTo(current, waiting);
  }

  function handOutTo(delivery: Delivery, response: ServerResponse): void {
    const handedOut = delivery.handOut(response).catch((error: unknown) => {
      violations.push(`${delivery.id}: ${error}`);
    });
    struck = Promise.all([struck, handedOut]).then(() => {});
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url === NEXT_PATH) return next(response);
    const [id = '', verb = ''] = url.slice(INVOCATION_PATH.length).split('/');
    if (current === undefined || id !== current.id || !['response', 'error'].includes(verb)) {
      violations.push(`${method} ${url} belongs to no invocation under way`);
      response.writeHead(400).end('{"errorType":"InvalidRequestID"}');
      return;
    }
    await current.takePost(verb as 'response' | 'error', request, response);
  }

  /** Requests of a connection are taken in turn, also when they were sent in one write. */
  function takeInTurn(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const before = turns.get(socket) ?? Promise.resolve();
    const turn = before.then(() => (socket.destroyed ? undefined : take(request, response)));
    turns.set(
      socket,
      // A connection that the plan cuts while it is read.
      turn.catch(() => {}),
    );
  }

  async function listen(port: number): Promise<void> {
    server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, maxHeaderSize: 128 * 1024 }, takeInTurn);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const port = await findPort(listen);
  return {
    authority: `127.0.0.1:${port}`,
    invoke(invocation, environment) {
      const strike: Strike = {
        pauseMs: invocation.pauseMs,
        freeze: () => environment.freeze(invocation.pauseMs),
        killWorker: () => environment.killWorker(),
        async restart() {
          await close();
          await delay(invocation.pauseMs);
          await listen(port);
        },
      };
      const delivery = new Delivery(invocation, strike, violations);
      void struck.then(() => {
        upcoming = delivery;
        handOut();
      });
      return delivery.result;
    },
    polled() {
      if (poll !== undefined) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const late = () => reject(new Error(`Nobody polls ${POLL_LIMIT_MS} ms after the last answer`));
        const limit = setTimeout(late, POLL_LIMIT_MS);
        onPoll = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    },
    violations,
    close,
  };
}

async function findPort(listen: (port: number) => Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(LOWEST_PORT, PORT_LIMIT);
    try {
      await listen(port);
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === PORT_TRIES) throw error;
    }
  }
}
