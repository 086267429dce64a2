import { FramingError } from './framing-error.ts';

/** How the end of a body is found. */
export type BodyEnd =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

/** The first part of a message: start line and headers. */
export interface Head {
  /** Of an answer; 0 for a request. */
  readonly status: number;
  /** Of a request; empty for an answer. */
  readonly method: string;
  /** Of a request; empty for an answer. */
  readonly target: string;
  /** Every header line as it came, each with its line end, without those that concern one connection only. */
  readonly lines: string;
  readonly bodyEnd: BodyEnd;
  /** Whether the connection may carry another message after this one. */
  readonly keepAlive: boolean;
  /** The first value of a header among the lines, by its name in lower case. */
  header(name: string): string | undefined;
}

/**
 * Headers that concern one connection (RFC 9110, 7.6.1) or that the next message states anew. What else has the first
 * letter and the length of one costs a comparison, all other lines cost nothing.
 */
const PER_CONNECTION = new Set([
  'connection',
  'content-length',
  'date',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/**
 * Whether a header concerns one connection only, or is stated anew by the next message.
 *
 * @param name in lower case
 */
export function isPerConnection(name: string): boolean {
  return PER_CONNECTION.has(name);
}

const FIRST_LETTERS = new Uint8Array(256);
const NAME_LENGTHS = new Uint8Array(256);
for (const name of PER_CONNECTION) {
  FIRST_LETTERS[name.charCodeAt(0)] = 1;
  NAME_LENGTHS[name.length] = 1;
}

/**
 * What lines must look like (RFC 9110, 5.5 and 5.6.2): a name, a colon, a value without control characters. Expressions
 * check a head in one native step; loops over its characters are the first thing that Node would optimise, which costs
 * a worker that has just started more than its invocations do.
 */
const LINE = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+:[\\t\\x20-\\x7e\\x80-\\xff]*";
const HEADER_LINE = new RegExp(`^${LINE}$`);
const HEADER_LINES = new RegExp(`^(?:${LINE}(?:\\r\\n|$))*$`);
const STATUS_LINE = /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** With what every answer begins. */
export const ANSWER_START = 'HTTP/1.';
const REQUEST_LINE = /^[\t\x21-\x7e\x80-\xff]+ \/[\t\x21-\x7e\x80-\xff]* HTTP\/1\.[01]$/;

const COLON = 58;
const LINE_FEED = 10;
const TAB = 9;
const SPACE = 32;
const LOWER = 32;

/**
 * Reads a head.
 *
 * @param text the head as latin1, up to and without the empty line
 * @param kind what is expected
 * @throws {FramingError} for what is no head of HTTP/1.0 or 1.1, and for one whose body's end cannot be known for sure
 */
export function parseHead(text: string, kind: 'request' | 'answer'): Head {
  const lineEnd = text.indexOf('\r\n');
  const startLine = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const { status, method, target, isKept } =
    kind === 'answer' ? parseStatusLine(startLine) : parseRequestLine(startLine);
  let keepAlive = isKept;
  let closes = false;
  let length = -1;
  let chunked = false;
  let lines = '';
  const linesStart = startLine.length + 2;
  checkLines(text.slice(linesStart));
  let kept = linesStart;
  for (let at = linesStart; at < text.length; ) {
    const found = text.indexOf('\r\n', at);
    const end = found === -1 ? text.length : found;
    if (FIRST_LETTERS[text.charCodeAt(at) | LOWER] === 1) {
      const colon = text.indexOf(':', at);
      const name = NAME_LENGTHS[colon - at] === 1 ? text.slice(at, colon).toLowerCase() : '';
      if (PER_CONNECTION.has(name)) {
        lines += text.slice(kept, at);
        kept = end + 2;
        const value = sliceValue(text, colon + 1, end);
        if (name === 'content-length') {
          if (length !== -1)
            throw new FramingError('LENGTH_AMBIGUOUS', 'Cannot read a head with two lengths');
          length = parseLength(value);
        } else if (name === 'transfer-encoding') {
          if (chunked || value.toLowerCase() !== 'chunked') {
            throw new FramingError(
              'CODING_UNSUPPORTED',
              `Cannot read a body coded as "${value}": expected "chunked"`,
            );
          }
          chunked = true;
        } else if (name === 'connection') {
          const words = value.split(',').map((word) => word.trim().toLowerCase());
          // Whichever comes first, and in however many lines.
          closes ||= words.includes('close');
          keepAlive ||= words.includes('keep-alive');
        }
      }
    }
    at = end + 2;
  }
  if (kept < text.length) lines += `${text.slice(kept)}\r\n`;
  if (chunked && length !== -1) {
    throw new FramingError('LENGTH_AMBIGUOUS', 'Cannot read a head with both a length and a coding');
  }
  const bodyEnd = findBodyEnd(kind, status, length, chunked);
  keepAlive &&= !closes && bodyEnd.kind !== 'close';
  let lookup: ((name: string) => string | undefined) | undefined;
  const header = (name: string) => {
    lookup ??= headerLookup(lines);
    return lookup(name);
  };
  return { status, method, target, lines, bodyEnd, keepAlive, header };
}

/**
 * Checks header lines, or trailer lines, which have the same form.
 *
 * @param lines the lines, each but the last with its line end
 * @throws {FramingError} `HEADER_INVALID`
 */
export function checkLines(lines: string): void {
  if (HEADER_LINES.test(lines)) return;
  const wrong = lines.split('\r\n').find((line) => !HEADER_LINE.test(line)) ?? '';
  throw new FramingError('HEADER_INVALID', `Cannot read the header line "${wrong.slice(0, 100)}"`);
}

/**
 * Finds headers, several in the same lines.
 *
 * @param lines the header lines of a head, each with its line end
 * @returns a function that takes a header's name in lower case and gives its first value, or `undefined`
 */
export function headerLookup(lines: string): (name: string) => string | undefined {
  // Of Latin-1 no letter changes its length, so places in the one are places in the other.
  const lower = lines.toLowerCase();
  return (name) => {
    for (let at = lower.indexOf(name); at !== -1; at = lower.indexOf(name, at + 1)) {
      const colon = at + name.length;
      const isWhole = lower.charCodeAt(colon) === COLON;
      if (isWhole && (at === 0 || lower.charCodeAt(at - 1) === LINE_FEED))
        return sliceValue(lines, colon + 1, lines.indexOf('\r\n', colon));
    }
    return undefined;
  };
}

/**
 * The value of one header.
 *
 * @param lines the header lines of a head, each with its line end
 * @param name the header's name in lower case
 * @returns the first value, or `undefined`
 */
export function headerOf(lines: string, name: string): string | undefined {
  return headerLookup(lines)(name);
}

interface StartLine extends Pick<Head, 'status' | 'method' | 'target'> {
  /** Whether its version keeps connections open. */
  readonly isKept: boolean;
}

/** What came last comes again: nearly all answers of a server begin with the same line. */
let lastLine: string | undefined;
let lastStart: StartLine = { status: 0, method: '', target: '', isKept: false };

function parseStatusLine(line: string): StartLine {
  if (line === lastLine) return lastStart;
  if (!STATUS_LINE.test(line)) throw startLineInvalid(line);
  lastStart = { status: Number(line.slice(9, 12)), method: '', target: '', isKept: line[7] === '1' };
  lastLine = line;
  return lastStart;
}

function parseRequestLine(line: string): StartLine {
  if (!REQUEST_LINE.test(line)) throw startLineInvalid(line);
  const afterMethod = line.indexOf(' ');
  return {
    status: 0,
    method: line.slice(0, afterMethod),
    target: line.slice(afterMethod + 1, line.indexOf(' ', afterMethod + 1)),
    isKept: line.endsWith('1'),
  };
}

/**
 * The error for a start line that is none.
 *
 * @param line the line, or as much of it as shows that
 */
export function startLineInvalid(line: string): FramingError {
  return new FramingError('START_LINE_INVALID', `Cannot read the start line "${line.slice(0, 100)}"`);
}

/** A length is digits and nothing else: a sign or a blank is read differently by others, which is how requests are smuggled. */
function parseLength(value: string): number {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(length)) {
    throw new FramingError(
      'LENGTH_INVALID',
      `Cannot read Content-Length "${value.slice(0, 100)}": expected digits`,
    );
  }
  return length;
}

/**
 * Cuts out a header's value, without the blanks round it, and no other: `trim` would also take byte A0, the end of many a
 * UTF-8 letter.
 *
 * @param text where it lies
 * @param from behind the colon
 * @param to the end of its line
 */
export function sliceValue(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function findBodyEnd(kind: 'request' | 'answer', status: number, length: number, chunked: boolean): BodyEnd {
  if (kind === 'answer' && (status < 200 || status === 204 || status === 304))
    return { kind: 'length', bytes: 0 };
  if (chunked) return { kind: 'chunked' };
  if (length !== -1) return { kind: 'length', bytes: length };
  return kind === 'request' ? { kind: 'length', bytes: 0 } : { kind: 'close' };
}
