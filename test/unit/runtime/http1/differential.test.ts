import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FramingError } from '../../../../runtime/http1/framing-error.ts';
import type { Head } from '../../../../runtime/http1/head.ts';
import { MessageReader } from '../../../../runtime/http1/message-reader.ts';
import { mutate, randomMessage, split } from '../../../helpers/http1-messages.ts';
import { headerText, type ReadMessage, readByNodeHttp } from '../../../helpers/node-http-reader.ts';
import { createRandom } from '../../../helpers/random.ts';

const MESSAGES = 100_000;
const MAX_HEAD_BYTES = 80_000;

/** Where the two may differ: refusing what the other takes, never reading the same bytes differently. */
const ONLY_OURS_REFUSES = new Set([
  // node:http skips empty lines before a message, and takes a request target of any form.
  'START_LINE_INVALID',
  // node:http reads what it cannot decode until the end of the connection.
  'CODING_UNSUPPORTED',
]);
const ONLY_THEIRS_REFUSES = new Set([
  // A list of methods is built into node:http.
  'HPE_INVALID_METHOD',
  // Ours hands the target over as it is.
  'HPE_INVALID_URL',
  // The grammar inside chunk extensions, which both read over.
  'HPE_STRICT',
]);

test(`${MESSAGES} generated messages, half of them spoilt, are read as node:http reads them, however they are split`, async () => {
  const outcomes = { same: 0, bothRefuse: 0, oneRefuses: 0 };
  for (let seed = 0; seed < MESSAGES; seed++) {
    const random = createRandom(seed);
    const kind = random.pick(['request', 'answer'] as const);
    const whole = randomMessage(random, kind);
    const message = random.chance(0.5) ? mutate(random, whole) : whole;

    const { read: ours, consumed } = readBytewise(kind, message);
    const pieces = split(random, message);
    const context = () => `seed ${seed}: ${JSON.stringify(message.toString('latin1'))}`;
    assert.deepEqual(readPieces(kind, pieces), ours, context());

    // What follows the message is the next one's business.
    const theirs = await readByNodeHttp(kind, split(random, message.subarray(0, consumed)));
    if ('refused' in ours && 'refused' in theirs) outcomes.bothRefuse++;
    else if ('refused' in ours) {
      outcomes.oneRefuses++;
      assert.ok(ONLY_OURS_REFUSES.has(ours.refused), `${ours.refused} ${context()}`);
    } else if ('refused' in theirs) {
      outcomes.oneRefuses++;
      assert.ok(ONLY_THEIRS_REFUSES.has(theirs.refused), `${theirs.refused} ${context()}`);
    } else {
      outcomes.same++;
      assert.deepEqual(ours, theirs, context());
    }
  }
  // The generator must not drift to where everything is refused, or nothing.
  assert.ok(outcomes.same > MESSAGES / 2, JSON.stringify(outcomes));
  assert.ok(outcomes.bothRefuse > MESSAGES / 10, JSON.stringify(outcomes));
  assert.ok(outcomes.oneRefuses < MESSAGES / 20, JSON.stringify(outcomes));
});

/** Reads the first message byte by byte, which tells where it ends. */
function readBytewise(kind: 'request' | 'answer', message: Buffer): { read: ReadMessage; consumed: number } {
  const reading = new Reading(kind);
  for (let at = 0; at < message.length; at++) {
    const read = reading.feed(message.subarray(at, at + 1));
    if (read !== undefined) return { read, consumed: 'refused' in read ? message.length : at + 1 };
  }
  return { read: reading.end(), consumed: message.length };
}

function readPieces(kind: 'request' | 'answer', pieces: readonly Buffer[]): ReadMessage {
  const reading = new Reading(kind);
  for (const piece of pieces) {
    const read = reading.feed(piece);
    if (read !== undefined) return read;
  }
  return reading.end();
}

class Reading {
  readonly #reader: MessageReader;
  readonly #body: Buffer[] = [];
  #head: Head | undefined;
  #read: ReadMessage | undefined;

  constructor(kind: 'request' | 'answer') {
    const events = {
      onHead: (head: Head) => {
        this.#head ??= head;
      },
      onData: (data: Buffer) => {
        if (this.#read === undefined) this.#body.push(Buffer.from(data));
      },
      onEnd: (trailers: string) => {
        const { status, method, target, lines } = this.#head as Head;
        this.#read ??= {
          start: kind === 'request' ? `${method} ${target}` : String(status),
          headers: headerText(pairs(lines)),
          body: Buffer.concat(this.#body).toString('latin1'),
          trailers: headerText(pairs(trailers)),
        };
      },
    };
    this.#reader = new MessageReader(kind, events, MAX_HEAD_BYTES);
  }

  feed(bytes: Buffer): ReadMessage | undefined {
    return this.#try(() => this.#reader.feed(bytes));
  }

  end(): ReadMessage {
    return this.#try(() => this.#reader.end()) ?? { refused: 'NOTHING_CAME' };
  }

  #try(step: () => void): ReadMessage | undefined {
    try {
      step();
    } catch (error) {
      assert.ok(error instanceof FramingError, String(error));
      this.#read ??= { refused: error.code };
    }
    return this.#read;
  }
}

function pairs(lines: string): string[] {
  return lines
    .split('\r\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
    });
}
