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
}

/**
 * Headers that concern one connection (RFC 9110, 7.6.1) or that the next message states anew. What else starts with
 * one of their first letters costs a comparison, all other lines cost nothing.
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
const FIRST_LETTERS = new Set([...PER_CONNECTION].map((name) => name.charCodeAt(0)));

/** RFC 9110, 5.6.2: the characters of a header's name. */
const TOKEN = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  TOKEN[character.charCodeAt(0)] = 1;
}

const DIGITS = /^\d{3}$/;
const SLASH = 47;
const COLON = 58;
const TAB = 9;
const SPACE = 32;
const DEL = 127;
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
  const start = kind === 'answer' ? parseStatusLine(startLine) : parseRequestLine(startLine);
  let { keepAlive } = start;
  let closes = false;
  let length = -1;
  let chunked = false;
  let lines = '';
  const linesStart = startLine.length + 2;
  let kept = linesStart;
  for (let at = linesStart; at < text.length; ) {
    const found = text.indexOf('\r\n', at);
    const end = found === -1 ? text.length : found;
    const colon = checkLine(text, at, end);
    if (FIRST_LETTERS.has(text.charCodeAt(at) | LOWER)) {
      const name = text.slice(at, colon).toLowerCase();
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
  const bodyEnd = findBodyEnd(kind, start.status, length, chunked);
  return { ...start, lines, bodyEnd, keepAlive: keepAlive && !closes && bodyEnd.kind !== 'close' };
}

/**
 * Checks trailer lines, which have the form of header lines.
 *
 * @param lines the lines, each with its line end
 * @throws {FramingError} `HEADER_INVALID`
 */
export function checkTrailers(lines: string): void {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    checkLine(lines, at, end);
    at = end + 2;
  }
}

/**
 * The value of a header.
 *
 * @param lines the header lines of a head
 * @param name the header's name in lower case
 * @returns the first value, or `undefined`
 */
export function headerOf(lines: string, name: string): string | undefined {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    if (
      lines.charCodeAt(at + name.length) === COLON &&
      lines.slice(at, at + name.length).toLowerCase() === name
    ) {
      return sliceValue(lines, at + name.length + 1, end);
    }
    at = end + 2;
  }
  return undefined;
}

function parseStatusLine(line: string) {
  const status = DIGITS.test(line.slice(9, 12)) ? Number(line.slice(9, 12)) : 0;
  const wellFormed =
    line.startsWith('HTTP/1.') &&
    line.charCodeAt(8) === SPACE &&
    status >= 100 &&
    status <= 999 &&
    (line.length === 12 || line.charCodeAt(12) === SPACE);
  if (!wellFormed || hasControl(line, 12, line.length)) throw startLineInvalid(line);
  return { status, method: '', target: '', keepAlive: minorVersion(line, 7) === 1 };
}

function parseRequestLine(line: string) {
  const afterMethod = line.indexOf(' ');
  const afterTarget = line.indexOf(' ', afterMethod + 1);
  const wellFormed =
    afterMethod > 0 &&
    line.charCodeAt(afterMethod + 1) === SLASH &&
    line.slice(afterTarget + 1, -1) === 'HTTP/1.' &&
    !hasControl(line, 0, afterTarget);
  if (!wellFormed) throw startLineInvalid(line);
  return {
    status: 0,
    method: line.slice(0, afterMethod),
    target: line.slice(afterMethod + 1, afterTarget),
    keepAlive: minorVersion(line, line.length - 1) === 1,
  };
}

function minorVersion(line: string, at: number): number {
  const version = line.charCodeAt(at) - 48;
  if (version !== 0 && version !== 1) throw startLineInvalid(line);
  return version;
}

function startLineInvalid(line: string): FramingError {
  return new FramingError('START_LINE_INVALID', `Cannot read the start line "${line.slice(0, 100)}"`);
}

/** Checks one header line and returns where its colon is. */
function checkLine(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && TOKEN[text.charCodeAt(at)] === 1) at++;
  const colon = at;
  if (colon === from || colon === to || text.charCodeAt(colon) !== COLON) {
    throw new FramingError(
      'HEADER_INVALID',
      `Cannot read the header line "${text.slice(from, Math.min(to, from + 100))}"`,
    );
  }
  if (hasControl(text, colon + 1, to)) {
    throw new FramingError(
      'HEADER_INVALID',
      `Cannot read header "${text.slice(from, colon)}": its value has a control character`,
    );
  }
  return colon;
}

function hasControl(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if ((code < SPACE && code !== TAB) || code === DEL) return true;
  }
  return false;
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

/** Without the blanks round it, and no other: `trim` would also take byte A0, the end of many a UTF-8 letter. */
function sliceValue(text: string, from: number, to: number): string {
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
