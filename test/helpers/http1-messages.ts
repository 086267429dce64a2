import type { Random } from './random.ts';
import type { MessageKind } from './read-message.ts';

const NAMES = [
  'Content-Type',
  'X-A',
  'lambda-runtime-trace-id',
  'Date',
  'Trailer-ish',
  'Keep-Alive',
  'Cookie',
  'User-Agent',
];
const VALUES = [
  'application/json',
  '',
  'a',
  ' padded ',
  'citt\xc3\xa0',
  'Root=1-5; Sampled=0',
  '{"a":"\\u00e9"}',
  'caf\xe9',
  'a,b',
  '"q"',
  'x'.repeat(300),
];
const INTERIM = [
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n',
];
const TARGETS = ['/', '/2018-06-01/runtime/invocation/next', '/invocations/8f1c', '/a?b=c&d=%20'];

/** Makes a well-formed message, in one of the many ways that HTTP/1.1 allows. */
export function randomMessage(random: Random, kind: MessageKind): Buffer {
  const body = 'abc\r\n0{}'.repeat(random.below(40)).slice(0, random.below(200));
  const status = random.pick([200, 200, 200, 202, 204, 304, 400, 413, 500]);
  const version = random.chance(0.05) ? 'HTTP/1.0' : 'HTTP/1.1';
  const start =
    kind === 'request'
      ? `${random.pick(['GET', 'POST', 'PUT'])} ${random.pick(TARGETS)} ${version}`
      : `${version} ${status}${random.pick([' OK', ' ', ' Not so\xe9 good'])}`;
  const lines = Array.from(
    { length: random.below(6) },
    () => `${random.pick(NAMES)}:${random.pick(['', ' ', '  \t'])}${random.pick(VALUES)}`,
  );
  if (kind === 'request') lines.unshift('Host: worker');
  for (let count = random.pick([0, 0, 0, 0, 0, 0, 0, 0, 1, 2]); count > 0; count--)
    lines.push(`Connection: ${random.pick(['close', 'keep-alive', 'Keep-Alive', 'close, x', ' x , Close'])}`);
  const noBody = kind === 'answer' && (status === 204 || status === 304);
  const framing = noBody
    ? 'none'
    : random.pick(['length', 'length', 'chunked', kind === 'answer' ? 'close' : 'none']);
  if (framing === 'length')
    lines.push(`${random.pick(['Content-Length', 'content-length', 'CONTENT-LENGTH'])}: ${body.length}`);
  if (framing === 'chunked')
    lines.push(
      `${random.pick(['Transfer-Encoding', 'transfer-encoding'])}: ${random.pick(['chunked', 'Chunked'])}`,
    );
  shuffle(random, lines, kind === 'request' ? 1 : 0);
  const interim = kind === 'answer' && random.chance(0.05) ? random.pick(INTERIM) : '';
  const payload = { none: '', close: body, length: body, chunked: chunked(random, body) }[framing];
  return Buffer.from(`${interim}${[start, ...lines].join('\r\n')}\r\n\r\n${payload}`, 'latin1');
}

/**
 * Makes the bytes of a connection: one message or two, half of them spoilt.
 *
 * @param random decides everything
 * @param kind of the messages
 */
export function randomStream(random: Random, kind: MessageKind): Buffer {
  const messages = Array.from({ length: random.pick([1, 2]) }, () => randomMessage(random, kind));
  const stream = Buffer.concat(messages);
  return random.chance(0.5) ? mutate(random, stream) : stream;
}

/** Spoils a message in one to three places. */
export function mutate(random: Random, message: Buffer): Buffer {
  let bytes = message;
  for (let count = 1 + random.below(3); count > 0; count--) {
    const at = random.below(bytes.length + 1);
    const odd = Buffer.from(
      random.pick([
        '\r',
        '\n',
        '\r\n',
        ' ',
        '\t',
        ':',
        '0',
        '9',
        'f',
        ';',
        '\0',
        '\x7f',
        ',',
        '-',
        '+',
        'e',
        '\xa0',
        '0000000000',
        'Content-Length: 3\r\n',
        'Transfer-Encoding: chunked\r\n',
      ]),
      'latin1',
    );
    const skip = random.pick([0, 0, 1, 1, 2, 7]);
    bytes = random.chance(0.1)
      ? bytes.subarray(0, at)
      : Buffer.concat([
          bytes.subarray(0, at),
          random.chance(0.7) ? odd : Buffer.alloc(0),
          bytes.subarray(at + skip),
        ]);
  }
  return bytes;
}

/** Cuts bytes into pieces: often none, often tiny. */
export function split(random: Random, bytes: Buffer): Buffer[] {
  const most = random.pick([1, 3, 20, 1000, 1000]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + random.below(most));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

function chunked(random: Random, body: string): string {
  let text = '';
  for (let at = 0; at < body.length; ) {
    const end = Math.min(body.length, at + 1 + random.below(60));
    const size = (end - at).toString(16);
    text += `${random.pick([size, size.toUpperCase(), `0${size}`])}${random.pick(['', '', ';a=b'])}\r\n${body.slice(at, end)}\r\n`;
    at = end;
  }
  return `${text}0\r\n${random.pick(['', '', 'X-Trailer: t\r\n', 'A: 1\r\nB: 2\r\n'])}\r\n`;
}

function shuffle(random: Random, items: string[], from: number): void {
  for (let at = items.length - 1; at > from; at--) {
    const other = from + random.below(at - from + 1);
    [items[at], items[other]] = [items[other] as string, items[at] as string];
  }
}
