import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { type Head, headerOf } from '../../../../runtime/http1/head.ts';
import { MessageReader } from '../../../../runtime/http1/message-reader.ts';
import { INVOCATION_PATH, NEXT_PATH, REQUEST_ID_HEADER } from '../../../../runtime/lambda-api/names.ts';
import type { DriverTask, Measurement } from '../../../bench/driver/protocol.ts';
import { serveTask } from '../../../bench/driver/serve-task.ts';

/** The request that every test begins with. */
export const POLL = `GET ${NEXT_PATH} HTTP/1.1\r\nHost: driver\r\n\r\n`;

/** An answer of the driver: an event, or that it took something. */
export interface Received {
  readonly head: Head;
  readonly requestId: string;
  readonly body: string;
}

/** A client that decides over each byte. */
export interface RawClient {
  write(text: string): void;
  /** Each byte in a packet of its own. */
  writeByBytes(text: string): Promise<void>;
  /** The next answer, in their order. */
  receive(): Promise<Received>;
  close(): void;
}

/** A driver that serves a task, and how that ended. */
export interface TestTask {
  readonly warm: Promise<void>;
  readonly measured: Promise<Measurement>;
  /** Resolves with what the driver says the candidate did. */
  readonly failed: Promise<string>;
  measure(): void;
  connect(): Promise<RawClient>;
}

/**
 * Serves a task within this process; it ends with the test.
 *
 * @param t the test's context
 * @param task what differs from one event of 150 bytes
 */
export async function useTask(t: TestContext, task: Partial<DriverTask> = {}): Promise<TestTask> {
  const warm = Promise.withResolvers<void>();
  const measured = Promise.withResolvers<Measurement>();
  const failed = Promise.withResolvers<string>();
  const served = await serveTask(
    {
      eventBytes: 150,
      inFlight: 1,
      warmUp: 0,
      invocations: 1,
      idleMs: 0,
      chunked: false,
      stamped: false,
      ...task,
    },
    { onWarm: warm.resolve, onMeasured: measured.resolve, onFailed: failed.resolve },
  );
  t.after(() => served.close());
  return {
    warm: warm.promise,
    measured: measured.promise,
    failed: failed.promise,
    measure: () => served.measure(),
    connect: () => connectRaw(t, served.port),
  };
}

/**
 * The request that answers an event.
 *
 * @param requestId of the event
 * @param lines header lines beyond those that frame it, each with its line end
 */
export function answerText(requestId: string, body: string, lines = ''): string {
  return `POST ${INVOCATION_PATH}${requestId}/response HTTP/1.1\r\nHost: driver\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

async function connectRaw(t: TestContext, port: number): Promise<RawClient> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  t.after(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  const received: Received[] = [];
  const waiting: ((answer: Received) => void)[] = [];
  let head: Head | undefined;
  let parts: Buffer[] = [];
  const reader = new MessageReader(
    'answer',
    {
      onHead: (answerHead) => {
        head = answerHead;
        parts = [];
      },
      onData: (data) => {
        parts.push(Buffer.from(data));
      },
      onEnd: () => {
        assert.ok(head !== undefined);
        const requestId = headerOf(head.lines, REQUEST_ID_HEADER) ?? '';
        const answer = { head, requestId, body: Buffer.concat(parts).toString('utf8') };
        const next = waiting.shift();
        if (next === undefined) received.push(answer);
        else next(answer);
      },
    },
    64 * 1024,
  );
  socket.on('data', (bytes: Buffer) => reader.feed(bytes));
  socket.on('error', () => socket.destroy());
  return {
    write: (text) => {
      socket.write(text);
    },
    async writeByBytes(text) {
      for (const byte of Buffer.from(text)) {
        if (!socket.write(Buffer.of(byte))) await once(socket, 'drain');
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    receive: () => {
      const answer = received.shift();
      return answer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(answer);
    },
    close: () => socket.destroy(),
  };
}
