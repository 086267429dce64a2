import type { Defect } from '../../../helpers/framing-copy.ts';

type Change = readonly [name: string, text: string, becomes: string];

const HEAD: readonly Change[] = [
  [
    'of two lengths the last one counts',
    "throw new FramingError('LENGTH_AMBIGUOUS', 'Cannot read a head with two lengths')",
    'length = -1',
  ],
  ['a length and a coding are accepted', 'if (chunked && length !== -1)', 'if (false)'],
  ['a length with a sign is accepted', '/^\\d{1,15}$/', '/^[+-]?\\d{1,15}$/'],
  ['any coding is taken for chunked', "value.toLowerCase() !== 'chunked'", "value === ''"],
  ['Connection: close is ignored', "words.includes('close')", "words.includes('shut')"],
  ['an answer of HTTP/1.0 keeps the connection', "line[7] === '1'", 'true'],
  ['a 204 is awaited with a body', 'status === 204 || ', ''],
  [
    "a header's value loses its first character",
    'sliceValue(lines, colon + 1,',
    'sliceValue(lines, colon + 2,',
  ],
  ['the last header lines are lost', 'if (kept < text.length)', 'if (kept < 0)'],
  ['control characters in values are accepted', 'if (HEADER_LINES.test(lines)) return', 'return'],
];

const MESSAGE_READER: readonly Change[] = [
  ['1xx is taken for the answer', 'head.status < 200', 'head.status < 100'],
  ['the limit of a head is not checked', '- start > this.#maxHeadBytes', '- start > Infinity'],
  [
    'the bytes before a split are dropped',
    'Buffer.concat([pending, chunk.subarray(from, to)])',
    'chunk.subarray(from, to)',
  ],
  [
    'the bytes before a split are kept without a copy',
    'Buffer.from(bytes.subarray(start))',
    'bytes.subarray(start)',
  ],
  ['an empty line that is split is not found', 'pending.length - (EMPTY_LINE.length - 1)', 'pending.length'],
  ['a length is one too large', 'this.#left = end - from;', 'this.#left = end - from + 1;'],
  [
    'a whole body is one byte short',
    'chunk.subarray(from, end));\n      return end;',
    'chunk.subarray(from, end - 1));\n      return end;',
  ],
  ['a body is taken for whole too early', 'end <= to) {', 'end <= to + 1) {'],
  [
    'the second message of a read is lost',
    'while (from < to) {',
    'for (let steps = 0; from < to && steps < 2; steps++) {',
  ],
  ['trailers are lost', 'this.#finish(this.#chunks.trailers)', "this.#finish('')"],
  ['an end within a message goes unseen', 'if (!this.idle)', 'if (false)'],
];

const HEAD_SHAPES: readonly Change[] = [
  ['a short body is one byte short', 'input.slice(this.bytes, end)', 'input.slice(this.bytes, end - 1)'],
  ['a short body is taken too early', 'end <= input.length', 'end <= input.length + 1'],
  ['what was read before is taken for a message', 'Math.min(to, from', 'Math.min(Infinity, from'],
];

const CHUNK_READER: readonly Change[] = [
  [
    'a chunk size that is split starts anew',
    'let at = from;',
    "let at = from; if (this.#state === 'size') this.#size = 0;",
  ],
  ['a chunk extension is taken for data', "this.#state = 'extension'", "this.#state = 'data'"],
  ["the last chunk's line end is left unread", 'return from + 2 - before', 'return from - before'],
  ['what follows a chunk is not checked', 'if (byte !== CR) throw', 'if (false) throw'],
  ['a chunk size may have any number of digits', '++this.#digits > MAX_SIZE_DIGITS', '++this.#digits > 99'],
  ['the digits of all chunk sizes are counted together', 'this.#digits = 0;', ''],
  ['F is no digit', 'lower <= 102', 'lower <= 101'],
  ['the limit of trailers is not checked', 'text.length > this.#maxTrailerBytes', 'false'],
];

const INCOMING_BODY: readonly Change[] = [
  ["a stream's part is a view of the buffer for reads", 'push(Buffer.from(data))', 'push(data)'],
  ['a body that grows loses what it had', 'this.#gathered.copy(larger, 0, 0, this.#bytes)', ''],
  [
    'a stream lacks what came before it was one',
    'if (this.#bytes > 0) stream.push',
    'if (this.#bytes < 0) stream.push',
  ],
];

const CLIENT: readonly Change[] = [
  ['an answer goes to the request before', 'exchange = this.#waiting.shift()', 'exchange = this.#waiting[0]'],
  ['a whole answer is a view of the buffer of reads', 'body: keep(body) }', 'body }'],
  ['a whole answer goes to the request before', 'this.#waiting.shift()?.', 'this.#waiting[0]?.'],
  ['the end of a connection says nothing', 'this.#reader.end();', ''],
];

const WRITE: readonly Change[] = [
  ['the length that is sent is one too large', '{body.length}', '{body.length + 1}'],
  ['a chunk size is sent in decimal', 'part.length.toString(16)', 'part.length.toString(10)'],
  [
    'the empty line after the last chunk is not sent',
    "socket.write('0\\r\\n\\r\\n'",
    "socket.write('0\\r\\n'",
  ],
  [
    'a body is copied over the end of its head',
    'oneBuffer.set(body, start.length)',
    'oneBuffer.set(body, start.length - 1)',
  ],
  ['a short body is sent as UTF-8', "{next}`, 'latin1')", "{next}`, 'utf8')"],
];

const SERVER: readonly Change[] = [
  ['a request does not wait for the one before', 'if (!isServing) serveNext()', 'serveNext()'],
  ['the server leaves a connection open that was to end', 'if (!request.head.keepAlive) socket.end()', ''],
  ['what follows a refused request is read', 'if (isBroken) return;', ''],
  ['a whole request is a view of the buffer of reads', 'keep(whole)', 'whole'],
];

/** Mistakes that framings are known for; texts are short so that they outlive a change beside them. */
export const DEFECTS: readonly Defect[] = Object.entries({
  head: HEAD,
  'message-reader': MESSAGE_READER,
  'head-shapes': HEAD_SHAPES,
  'chunk-reader': CHUNK_READER,
  'incoming-body': INCOMING_BODY,
  'client-connection': CLIENT,
  'write-message': WRITE,
  'server-connection': SERVER,
}).flatMap(([file, changes]) => changes.map(([name, text, becomes]) => ({ name, file, text, becomes })));
