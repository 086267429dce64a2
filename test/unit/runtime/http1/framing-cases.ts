import { MAX_HEAD_BYTES } from '../../../helpers/framing-reader.ts';
import type { MessageKind } from '../../../helpers/read-message.ts';

/** Bytes as they come on a connection, and what is in them. */
export interface FramingCase {
  readonly name: string;
  readonly kind: MessageKind;
  readonly bytes: string;
  /** Of each message, as `start|headers|body|trailers`. */
  readonly messages: readonly string[];
  /** The code with which what follows them is refused. */
  readonly refused?: string;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const NEXT = 'HTTP/1.1 202 Accepted\r\nContent-Length: 1\r\n\r\n!';
const POST = 'POST /a HTTP/1.1\r\nHost: x\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';

const READ: readonly (readonly [name: string, bytes: string, ...messages: string[]])[] = [
  ['a length', `${OK}X-A: b\r\nContent-Length: 5\r\n\r\nhello`, '200|X-A:b\n|hello|'],
  ['a length of nothing', `${OK}Content-Length: 0\r\n\r\n${NEXT}`, '200|||', '202||!|'],
  ['a length with zeros before it', `${OK}CONTENT-LENGTH:005 \r\n\r\nhello${NEXT}`, '200||hello|', '202||!|'],
  [
    'chunks',
    `${OK}${CHUNKED}5;a=b\r\nhello\r\n00F\r\n0123456789\r\nabc\r\n0\r\n\r\n${NEXT}`,
    '200||hello0123456789\r\nabc|',
    '202||!|',
  ],
  ['chunks of two digits', `${OK}${CHUNKED}1a\r\n${'x'.repeat(26)}\r\n0\r\n\r\n`, `200||${'x'.repeat(26)}|`],
  ['twelve chunks', `${OK}${CHUNKED}${'1\r\nx\r\n'.repeat(12)}0\r\n\r\n`, `200||${'x'.repeat(12)}|`],
  ['trailers', `${OK}${CHUNKED}1\r\na\r\n0\r\nX-T: t\r\nY:\r\n\r\n${NEXT}`, '200||a|X-T:t\nY:\n', '202||!|'],
  [
    'answers that announce another',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n${NEXT}`,
    '202||!|',
  ],
  ['a 204', `HTTP/1.1 204 No Content\r\nX: y\r\n\r\n${NEXT}`, '204|X:y\n||', '202||!|'],
  ['a 304 with a length', `HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n${NEXT}`, '304|||', '202||!|'],
  ['a body until the end', `${OK}X: y\r\n\r\nto the${NEXT}`, `200|X:y\n|to the${NEXT}|`],
  ['close', `${OK}Connection: x, Close\r\nContent-Length: 1\r\n\r\na${NEXT}`, '200||a|'],
  ['HTTP/1.0', `HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na${NEXT}`, '200||a|'],
  [
    'HTTP/1.0 that stays',
    `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na${NEXT}`,
    '200||a|',
    '202||!|',
  ],
  ['no reason', `HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n${NEXT}`, '200|||', '202||!|'],
];

const READ_REQUESTS: readonly (readonly [name: string, bytes: string, ...messages: string[]])[] = [
  [
    'requests in one read',
    `GET /b HTTP/1.1\r\n\r\n${POST}Content-Length: 2\r\n\r\nhi`,
    'GET /b|||',
    'POST /a||hi|',
  ],
  [
    'a chunked request',
    `${POST}${CHUNKED}2\r\nhi\r\n0\r\nT: 1\r\n\r\nGET /b HTTP/1.1\r\n\r\n`,
    'POST /a||hi|T:1\n',
    'GET /b|||',
  ],
  [
    'a last request',
    `${POST}Connection: close\r\nContent-Length: 1\r\n\r\n!GET /b HTTP/1.1\r\n\r\n`,
    'POST /a||!|',
  ],
  ['a request of HTTP/1.0', 'GET /b HTTP/1.0\r\n\r\nGET /b HTTP/1.1\r\n\r\n', 'GET /b|||'],
];

/** What is refused, by code: each stands where an answer's headers do, or is a whole answer. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  START_LINE_INVALID: [
    'HTTP/2.0 200 OK',
    'HTTP/1.2 200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2e2 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 2000',
    'http/1.1 200 OK',
    'HTTP/1.1 200 O\0K',
    '',
  ].map((line) => `${line}\r\nContent-Length: 0\r\n\r\n`),
  HEADER_INVALID: [
    'no colon',
    ': no name',
    'X : blank before the colon',
    ' X: folded',
    'X: \0',
    'X: a\nb',
    'X: a\rb',
    'X: \x7f',
    'X\xe4: y',
  ].map((line) => `${OK}${line}\r\nContent-Length: 0\r\n\r\n`),
  LENGTH_INVALID: ['+5', '-5', '5,5', '5 5', '0x5', '1e0', '', '5\xa0', '9'.repeat(16)].map(
    (length) => `${OK}Content-Length: ${length}\r\n\r\nhello`,
  ),
  LENGTH_AMBIGUOUS: [
    'Content-Length: 5\r\nContent-Length: 5',
    'Content-Length: 6\r\ncontent-length: 5',
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 5',
  ].map((lines) => `${OK}${lines}\r\n\r\nhello`),
  CODING_UNSUPPORTED: [
    'gzip',
    'gzip, chunked',
    'chunked, chunked',
    'chunked\r\nTransfer-Encoding: chunked',
    'xchunked',
    'chunked\xa0',
    '',
  ].map((coding) => `${OK}Transfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`),
  CHUNK_INVALID: [
    'g\r\n\r\n',
    '\r\n',
    '-1\r\na\r\n',
    ' 1\r\na\r\n',
    '1 \r\na\r\n',
    '1\na\r\n',
    '1\r\nab\r\n',
    '1\r\nax\n',
    '1\r\na\rx',
    '1\r\na\n',
    '1;a\nb\r\na\r\n',
    '00000000001\r\na\r\n',
    '0x1\r\na\r\n',
  ].map((chunk) => `${OK}${CHUNKED}${chunk}0\r\n\r\n`),
  TRUNCATED: [
    'HTTP/1.1 200 OK',
    OK,
    `${OK}Content-Length: 2\r\n\r\na`,
    `${OK}${CHUNKED}`,
    `${OK}${CHUNKED}1`,
    `${OK}${CHUNKED}1\r\na`,
    `${OK}${CHUNKED}1\r\na\r\n0\r\n`,
    `${OK}${CHUNKED}0\r\nX: y\r\n`,
  ],
  HEAD_TOO_LARGE: [`${OK}X: ${'x'.repeat(MAX_HEAD_BYTES)}`, `${OK}X: ${'x'.repeat(MAX_HEAD_BYTES)}\r\n\r\n`],
  TRAILER_TOO_LARGE: [`${OK}${CHUNKED}0\r\nX: ${'x'.repeat(MAX_HEAD_BYTES + 10)}`],
};

const REFUSED_REQUESTS = [
  'GET  /a HTTP/1.1',
  'GET * HTTP/1.1',
  'GET /a HTTP/1.9',
  'GET /a',
  '/a HTTP/1.1',
  'GET /a HTTP/1.1 ',
  'G\0T /a HTTP/1.1',
];

const BAD_TRAILERS: FramingCase = {
  name: 'a trailer without a colon',
  kind: 'answer',
  bytes: `${OK}${CHUNKED}0\r\nno colon\r\n\r\n`,
  messages: [],
  refused: 'HEADER_INVALID',
};

/** Messages of every shape there is, whole ones and spoilt ones. */
export const FRAMING_CASES: readonly FramingCase[] = [
  ...READ.map(([name, bytes, ...messages]) => ({ name, kind: 'answer' as const, bytes, messages })),
  ...READ_REQUESTS.map(([name, bytes, ...messages]) => ({ name, kind: 'request' as const, bytes, messages })),
  ...Object.entries(REFUSED).flatMap(([refused, all]) =>
    all.map((bytes) => ({
      name: `${refused} ${JSON.stringify(bytes.slice(0, 90))}`,
      kind: 'answer' as const,
      bytes,
      messages: [],
      refused,
    })),
  ),
  ...REFUSED_REQUESTS.map((line) => ({
    name: line,
    kind: 'request' as const,
    bytes: `${line}\r\n\r\n`,
    messages: [],
    refused: 'START_LINE_INVALID',
  })),
  BAD_TRAILERS,
];
