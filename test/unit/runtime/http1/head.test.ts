import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerOf, parseHead } from '../../../../runtime/http1/head.ts';

test("headerOf() keeps what ends a value in UTF-8 and is a blank in Latin-1: the second byte of 'à'", () => {
  const value = Buffer.from('città').toString('latin1');
  assert.equal(headerOf(`X-A: \t${value} \t\r\nX-B: b\r\n`, 'x-a'), value);
});

for (const [lines, stays] of [
  ['Connection: close\r\nConnection: keep-alive', false],
  ['Connection: keep-alive\r\nConnection: close', false],
  ['Connection: keep-alive, close', false],
  ['Connection: keep-alive\r\nConnection: x', true],
] as const) {
  test(`parseHead() ${stays ? 'keeps' : 'ends'} the connection for ${JSON.stringify(lines)}`, () => {
    const { keepAlive } = parseHead(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${lines}`, 'answer');
    assert.equal(keepAlive, stays);
  });
}
