import {
  DEADLINE_HEADER,
  FUNCTION_ARN_HEADER,
  INVOCATION_ID_HEADER,
  REQUEST_ID_HEADER,
  TRACE_ID_HEADER,
} from '../../../runtime/lambda-api/names.ts';
import { FIRST_NUMBER, NUMBER_OFFSET } from './event-body.ts';

/** The last group of a request id, in which the event's number stands right-aligned. */
const ID_START = '00000000-0000-4000-8000-00';
const NUMBER_DIGITS = 10;
/** Milliseconds since the epoch have 13 digits until the year 2286. */
const DEADLINE_DIGITS = 13;
const TIMEOUT_MS = 60_000;
const ARN = 'arn:aws:lambda:us-east-1:012345678901:function:bench';
const TRACE_ID = 'Root=1-67891234-abcdef0123456789abcdef01;Parent=0123456789abcdef;Sampled=0';

/** A whole answer to a poll, made once: sending it again under another number changes some digits and nothing else. */
export class EventMessage {
  /** Head and body as they are written. */
  readonly bytes: Buffer;
  /** The event alone: what an echo must return. A view. */
  readonly body: Buffer;
  #number = 0;
  readonly #numberOffsets: readonly number[];
  readonly #deadlineOffset: number;

  /**
   * @param body the event numbered `FIRST_NUMBER`
   * @param chunked whether it goes in a chunk instead of with its length
   */
  constructor(body: Buffer, chunked: boolean) {
    const id = requestIdOf(FIRST_NUMBER);
    const head = [
      'HTTP/1.1 200 OK',
      'Content-Type: application/json',
      `${wireName(REQUEST_ID_HEADER)}: ${id}`,
      `${wireName(INVOCATION_ID_HEADER)}: ${id}`,
      `${wireName(DEADLINE_HEADER)}: ${'0'.repeat(DEADLINE_DIGITS)}`,
      `${wireName(FUNCTION_ARN_HEADER)}: ${ARN}`,
      `${wireName(TRACE_ID_HEADER)}: ${TRACE_ID}`,
      chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
      '\r\n',
    ].join('\r\n');
    const before = chunked ? `${head}${body.length.toString(16)}\r\n` : head;
    this.bytes = Buffer.concat([Buffer.from(before), body, Buffer.from(chunked ? '\r\n0\r\n\r\n' : '')]);
    this.body = this.bytes.subarray(before.length, before.length + body.length);
    const inId = ID_START.length;
    this.#numberOffsets = [
      head.indexOf(id) + inId,
      head.lastIndexOf(id) + inId,
      before.length + NUMBER_OFFSET,
    ];
    this.#deadlineOffset = head.indexOf('0'.repeat(DEADLINE_DIGITS));
  }

  get number(): number {
    return this.#number;
  }

  /** Makes it another event, due a minute from now. */
  renumber(number: number): void {
    this.#number = number;
    for (const offset of this.#numberOffsets) writeDigits(this.bytes, offset, NUMBER_DIGITS, number);
    writeDigits(this.bytes, this.#deadlineOffset, DEADLINE_DIGITS, Date.now() + TIMEOUT_MS);
  }
}

/** The request id of an event. */
export function requestIdOf(number: number): string {
  return `${ID_START}${number}`;
}

/** The event of a request id; NaN when it is none of ours. */
export function numberOf(requestId: string): number {
  return requestId.startsWith(ID_START) ? Number(requestId.slice(ID_START.length)) : Number.NaN;
}

/** Lambda writes `Lambda-Runtime-Deadline-Ms`. */
function wireName(name: string): string {
  return name.replace(/(?<=^|-)./g, (letter) => letter.toUpperCase());
}

function writeDigits(target: Buffer, offset: number, digits: number, value: number): void {
  let rest = value;
  for (let at = offset + digits - 1; at >= offset; at--) {
    const tens = Math.floor(rest / 10);
    target[at] = 48 + rest - tens * 10;
    rest = tens;
  }
}
