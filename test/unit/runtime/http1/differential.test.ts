import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { MessageReader } from '../../../../runtime/http1/message-reader.ts';
import { readByFraming } from '../../../helpers/framing-reader.ts';
import { randomStream, split } from '../../../helpers/http1-messages.ts';
import { readByNodeHttp } from '../../../helpers/node-http-reader.ts';
import { createRandom } from '../../../helpers/random.ts';
import type { ReadStream } from '../../../helpers/read-message.ts';
import { readByUndici } from '../../../helpers/undici-reader.ts';
import { EXCEPTIONS, type Exception, findException } from './exceptions.ts';

const STREAMS = 100_000;
/** Read at once by the other readers, which then wait for the event loop together. */
const BATCH = 250;
/** One in so many is read byte by byte too, which takes time that grows with the square of a head. */
const BYTEWISE = 10;
/** undici is asked for as many answers; there are never more in a stream but by accident. */
const ANSWERS = 2;
/** Each value of a byte, made once. */
const SINGLE_BYTES = Array.from({ length: 256 }, (_, byte) => Buffer.of(byte));

// Half of the streams are refused, by each reader: a quarter of the time would go into stacks that nobody looks at.
Error.stackTraceLimit = 0;

test(`${STREAMS} generated streams, half of them spoilt, are read as node:http and undici read them, however they are split`, async () => {
  const outcomes = { same: 0, refusedByAll: 0 };
  const excepted = new Map(EXCEPTIONS.map(({ name }) => [name, 0]));
  for (let from = 0; from < STREAMS; from += BATCH) {
    const kind = (from / BATCH) % 2 === 0 ? 'answer' : 'request';
    const limit = kind === 'answer' ? ANSWERS : Number.POSITIVE_INFINITY;
    const streams = Array.from({ length: BATCH }, (_, index) => {
      const random = createRandom(from + index);
      const bytes = randomStream(random, kind);
      return { seed: from + index, bytes, pieces: split(random, bytes) };
    });
    const ours = streams.map(({ pieces }) => readByFraming(MessageReader, kind, pieces, limit));
    for (const [index, { seed, bytes }] of streams.entries()) {
      if (seed % BYTEWISE !== 0) continue;
      for (const pieces of [[bytes], Array.from(bytes, (byte) => SINGLE_BYTES[byte] as Buffer)])
        assert.deepEqual(
          judgement(readByFraming(MessageReader, kind, pieces, limit)),
          judgement(ours[index]),
          describe(seed, bytes),
        );
    }

    const all = streams.map(({ bytes }) => bytes);
    const compare = (theirs: readonly ReadStream[], by: Exception['by'], most: number) => {
      for (const [index, { seed, bytes }] of streams.entries()) {
        const [mine, other] = [first(ours[index], most), first(theirs[index], most)];
        if (isDeepStrictEqual(mine.messages, other.messages)) {
          if (mine.messages.length === 0) outcomes.refusedByAll++;
          else outcomes.same++;
          continue;
        }
        const [less, more, who] =
          mine.messages.length < other.messages.length
            ? ([mine, other, 'ours'] as const)
            : ([other, mine, by] as const);
        // One stopped earlier, and until there they agree.
        assert.deepEqual(less.messages, more.messages.slice(0, less.messages.length), describe(seed, bytes));
        const exception = findException(bytes, less, who);
        assert.ok(exception, `${who}: ${less.refused} ${less.why ?? ''}, not ${by} ${describe(seed, bytes)}`);
        excepted.set(exception.name, (excepted.get(exception.name) ?? 0) + 1);
      }
    };
    compare(await readByNodeHttp(kind, all), 'node:http', kind === 'answer' ? 1 : limit);
    if (kind === 'answer') compare(await readByUndici(all, ANSWERS), 'undici', ANSWERS);
  }

  const unused = [...excepted].filter(([, count]) => count === 0).map(([name]) => name);
  assert.deepEqual(unused, [], 'these exceptions are not needed');
  // The generator must not drift to where everything is refused, or nothing, or too much is excepted.
  const sum = [...excepted.values()].reduce((all, count) => all + count);
  const summary = JSON.stringify({ ...outcomes, excepted: Object.fromEntries(excepted) });
  assert.ok(outcomes.same > STREAMS / 2, summary);
  assert.ok(outcomes.refusedByAll > STREAMS / 10, summary);
  assert.ok(sum < STREAMS / 30, summary);
});

function first(read: ReadStream | undefined, most: number): ReadStream {
  const { messages = [], refused, why } = read ?? {};
  return { messages: messages.slice(0, most), refused, why };
}

function describe(seed: number, bytes: Buffer): string {
  return `seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`;
}

/** Without the words: an answer that does not begin as one is refused with what had come of it. */
function judgement(stream: ReadStream | undefined) {
  return { messages: stream?.messages, refused: stream?.refused };
}
