import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Head, parseHead } from '../../../../runtime/http1/head.ts';
import { HeadShapes } from '../../../../runtime/http1/head-shapes.ts';
import { randomMessage } from '../../../helpers/http1-messages.ts';
import { createRandom, type Random } from '../../../helpers/random.ts';
import type { MessageKind } from '../../../helpers/read-message.ts';

const EMPTY_LINE = '\r\n\r\n';
/** More than are read before a head's shape is learnt. */
const REPEATS = 20;
const SAMPLES = 200;
const MUTANTS = 50;
/** What moves the end of a line, a name or a head, and what is allowed in none. */
const BYTES = [
  '\r',
  '\n',
  '\r\n',
  ':',
  ' ',
  '\t',
  '\0',
  '\x7f',
  '\xe0',
  '0',
  '9',
  'A',
  'close',
  '-',
  '/',
  EMPTY_LINE,
];

/** All that a reader sees of a head. */
function told(head: Head, names: readonly string[]) {
  const { status, method, target, lines, bodyEnd, keepAlive } = head;
  return {
    status,
    method,
    target,
    lines,
    bodyEnd,
    keepAlive,
    values: names.map((name) => head.header(name)),
  };
}

function learn(text: string, kind: MessageKind): HeadShapes {
  const shapes = new HeadShapes();
  for (let times = 0; times < REPEATS; times++) shapes.learn(text, parseHead(text, kind));
  return shapes;
}

function mutate(random: Random, text: string): string {
  const at = random.below(text.length);
  return text.slice(0, at) + random.pick(BYTES) + text.slice(at + random.below(3));
}

test('HeadShapes read nothing that parseHead() refuses, and all else as it does', () => {
  let matched = 0;
  for (let seed = 0; seed < SAMPLES; seed++) {
    const random = createRandom(seed);
    const kind = seed % 2 === 0 ? 'answer' : 'request';
    const message = randomMessage(random, kind).toString('latin1');
    const sample = message.slice(0, message.indexOf(EMPTY_LINE));
    const names = [...sample.matchAll(/^([^\s:]+):/gm)].map(([, name = '']) => name.toLowerCase());
    const shapes = learn(sample, kind);
    for (let count = 0; count < MUTANTS; count++) {
      const text = count === 0 ? sample : mutate(random, sample);
      const bytes = Buffer.from(`x${text}${EMPTY_LINE}body`, 'latin1');
      const found = shapes.match(bytes, 1, bytes.length);
      if (found === undefined) continue;
      matched += 1;
      const end = bytes.indexOf(EMPTY_LINE, 1);
      assert.equal(found.bytes, end + EMPTY_LINE.length - 1, `seed ${seed}`);
      const asked = [...names, 'absent'];
      const expected = parseHead(bytes.toString('latin1', 1, end), kind);
      assert.deepEqual(told(found, asked), told(expected, asked), `seed ${seed}: ${JSON.stringify(text)}`);
      const rest = bytes.toString('latin1', end + EMPTY_LINE.length);
      const { bodyEnd } = found;
      const body = bodyEnd.bytes > rest.length ? undefined : rest.slice(0, bodyEnd.bytes);
      assert.equal(found.shortBody()?.latin1, body, `seed ${seed}: ${JSON.stringify(text)}`);
    }
  }
  assert.ok(matched > SAMPLES, `matched ${matched}`);
});

test('HeadShapes know events and the answers to answers, as they take turns', () => {
  const heads = [
    'HTTP/1.1 200 OK\r\nX-Id: 1\r\nContent-Length: 3',
    'HTTP/1.1 202 Accepted\r\nContent-Length: 0',
  ];
  const shapes = new HeadShapes();
  for (let times = 0; times < REPEATS; times++)
    for (const text of heads)
      if (match(shapes, text) === undefined) shapes.learn(text, parseHead(text, 'answer'));
  const next = 'HTTP/1.1 200 OK\r\nX-Id: \t22 \r\nContent-Length: 4444';
  for (const [text, status] of [[next, 200] as const, [heads[1], 202] as const, [next, 200] as const])
    assert.equal(match(shapes, text)?.status, status);
  assert.equal(match(shapes, next)?.header('x-id'), '22');
  assert.deepEqual(match(shapes, next)?.bodyEnd, { kind: 'length', bytes: 4444 });
});

test('HeadShapes learn no head whose body has no plain length, or is longer than most', () => {
  const answers = ['200 OK\r\nTransfer-Encoding: chunked', '204 No\r\nContent-Length: 0', '200 OK\r\nX: 1'];
  const long = `200 OK\r\nX: ${'x'.repeat(3_000)}\r\nContent-Length: 1`;
  for (const text of [...answers, long].map((rest) => `HTTP/1.1 ${rest}`))
    assert.equal(match(learn(text, 'answer'), text), undefined, text.slice(0, 60));
});

function match(shapes: HeadShapes, text = ''): Head | undefined {
  const bytes = Buffer.from(text + EMPTY_LINE, 'latin1');
  return shapes.match(bytes, 0, bytes.length);
}
