import type { Socket } from 'node:net';
import { type Head, headerOf } from '../../../runtime/http1/head.ts';
import { MessageReader } from '../../../runtime/http1/message-reader.ts';
import {
  INIT_ERROR_PATH,
  INVOCATION_ID_HEADER,
  INVOCATION_PATH,
  MAX_RESPONSE_BYTES,
  NEXT_PATH,
} from '../../../runtime/lambda-api/names.ts';
import type { ClosedLoop, Flight, Poll } from './closed-loop.ts';
import { numberOf } from './event-message.ts';
import { now } from './now.ts';

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_ERROR_BYTES = 2_000;
const RESPONSE = '/response';
const ERROR = '/error';
const EXTENSIONS = '/2020-01-01/extension/';

const ACCEPTED = answerBytes('202 Accepted', '', '{"status":"OK"}');
const NOT_FOUND = answerBytes('404 Not Found', '', '{"errorMessage":"Not found"}');
const REGISTERED = answerBytes(
  '200 OK',
  'Lambda-Extension-Identifier: 00000000-0000-4000-8000-000000000000\r\n',
  '{"functionName":"bench","functionVersion":"$LATEST","handler":"function.handler"}',
);

/** What a request turned out to be; bodies of the others are read and let go. */
type Exchange =
  | { readonly kind: 'poll' | 'register' | 'extensionPoll' | 'unknown' }
  | { readonly kind: 'answer'; readonly flight: Flight; bytes: number }
  | { readonly kind: 'error'; readonly who: string; text: string };

/**
 * Serves the Runtime API on one connection. Requests that come in one piece, as a poll behind an answer does, are
 * served one after the other; each answer is one write.
 *
 * @param socket the connection
 * @param loop where polls and answers go
 */
export function serveRuntimeApi(socket: Socket, loop: ClosedLoop): void {
  let exchange: Exchange = { kind: 'unknown' };
  let readNs = 0;
  const poll: Poll = (message) => socket.write(message);

  const reader = new MessageReader(
    'request',
    {
      onHead: (head) => {
        exchange = exchangeOf(head, loop);
      },
      onData: (data) => {
        if (exchange.kind === 'answer') {
          exchange.flight.body.add(data);
          exchange.bytes += data.length;
        } else if (exchange.kind === 'error' && exchange.text.length < MAX_ERROR_BYTES) {
          exchange.text += data.toString('utf8');
        }
      },
      onEnd: () => {
        if (exchange.kind === 'poll') {
          loop.poll(poll, readNs);
        } else if (exchange.kind === 'answer') {
          if (exchange.bytes > MAX_RESPONSE_BYTES) loop.fail(tooLarge(exchange.bytes));
          loop.answer(exchange.flight, readNs);
          socket.write(ACCEPTED);
        } else if (exchange.kind === 'error') {
          socket.write(ACCEPTED);
          loop.fail(`${exchange.who}: ${describeError(exchange.text)}`);
        } else if (exchange.kind === 'register') {
          socket.write(REGISTERED);
        } else if (exchange.kind === 'unknown') {
          socket.write(NOT_FOUND);
        }
      },
    },
    MAX_HEAD_BYTES,
  );

  socket.on('data', (bytes: Buffer) => {
    // Before anything is made of it: what this process does with a message is not the candidate's time.
    readNs = now();
    try {
      reader.feed(bytes);
    } catch (error) {
      loop.fail(`sent what is no request: ${(error as Error).message}`);
      socket.destroy();
    }
  });
  // Clients close without a word when they are killed.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => loop.forget(poll));
}

function exchangeOf({ target, lines }: Head, loop: ClosedLoop): Exchange {
  if (target === NEXT_PATH) return { kind: 'poll' };
  if (target.startsWith(INVOCATION_PATH) && target.endsWith(RESPONSE)) {
    const requestId = target.slice(INVOCATION_PATH.length, -RESPONSE.length);
    const flight = loop.flightOf(numberOf(requestId));
    const nonce = headerOf(lines, INVOCATION_ID_HEADER);
    if (nonce !== undefined && nonce !== requestId)
      loop.fail(`answered "${requestId}" with the nonce of "${nonce}"`);
    return flight === undefined ? { kind: 'unknown' } : { kind: 'answer', flight, bytes: 0 };
  }
  if (target.startsWith(INVOCATION_PATH) && target.endsWith(ERROR)) {
    const requestId = target.slice(INVOCATION_PATH.length, -ERROR.length);
    return { kind: 'error', who: `answered event ${numberOf(requestId)} with an error`, text: '' };
  }
  if (target === INIT_ERROR_PATH) return { kind: 'error', who: 'could not start', text: '' };
  // The Web Adapter is an extension as well, and ends when it may not be one.
  if (target === `${EXTENSIONS}register`) return { kind: 'register' };
  if (target === `${EXTENSIONS}event/next`) return { kind: 'extensionPoll' };
  return { kind: 'unknown' };
}

function tooLarge(bytes: number): string {
  return `answered with ${bytes} bytes, expected at most ${MAX_RESPONSE_BYTES}`;
}

/** Lambda's form of an error, or whatever came. */
function describeError(text: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof errorMessage === 'string') return `${errorType}: ${errorMessage}`;
  } catch {
    // Shown as it is.
  }
  return text === '' ? 'no text' : text;
}

function answerBytes(status: string, lines: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n${lines}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}
