import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { ApiRequest } from '../../conformance/api/api-request.ts';
import { RequestReader } from '../../conformance/api/request-reader.ts';
import { Transcript } from '../../conformance/api/transcript.ts';
import { Watch } from '../../conformance/watch.ts';

/** Reads text, whole or byte by byte. */
function read(text: string, pieceBytes = text.length): readonly ApiRequest[] {
  const requests: ApiRequest[] = [];
  const connection = {
    number: 1,
    socket: {} as Socket,
    transcript: new Transcript(),
    watch: new Watch(),
    limitMs: 1_000,
    isCut: false,
  };
  const reader = new RequestReader(connection, (request) => requests.push(request));
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += pieceBytes)
    reader.push(bytes.subarray(from, from + pieceBytes));
  return requests;
}

const CHUNKED =
  'POST /r HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n3;x=1\r\nabc\r\n0A\r\n0123456789\r\n0\r\nA: 1\r\n\r\n';
const POLL = 'GET /next HTTP/1.1\r\nHost: h\r\n\r\n';

for (const pieceBytes of [1, 7, 1_000]) {
  test(`RequestReader reads requests in pieces of ${pieceBytes} bytes`, () => {
    const sized = 'POST /s HTTP/1.1\r\nContent-Length: 3\r\n\r\nxyz';
    const requests = read(POLL + CHUNKED + sized + POLL, pieceBytes);
    assert.deepEqual(
      requests.map(({ method, path, text, isWhole }) => [method, path, text, isWhole]),
      [
        ['GET', '/next', '', true],
        ['POST', '/r', 'abc0123456789', true],
        ['POST', '/s', 'xyz', true],
        ['GET', '/next', '', true],
      ],
    );
    assert.equal(requests[1]?.trailers.get('a'), '1');
  });
}

for (const [what, text] of [
  ['a length and a coding', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['an unknown coding', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n'],
  ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
  ['a length that is no number', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
  [
    'a chunk that is longer than its size',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n',
  ],
] as const) {
  test(`RequestReader refuses ${what}`, () => {
    assert.throws(() => read(text));
  });
}
