import type { ReadStream } from '../../../helpers/read-message.ts';

/** A rule by which one reader refuses what another takes: never may they read the same bytes differently. */
export interface Exception {
  readonly name: string;
  /** Why that is well so. */
  readonly because: string;
  /** Who refuses. */
  readonly by: 'ours' | 'node:http' | 'undici';
  readonly code: string | RegExp;
  /** What the refusal says, where the code alone says too little. */
  readonly why?: RegExp;
  /** What the stream must hold. */
  readonly stream?: RegExp;
}

/** A length or a coding among the trailers. */
const TRAILER_FRAMING = /\r\n0+(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*(?:content-length|transfer-encoding):/i;

/** Every rule there is. One that no generated stream needs any more fails the test. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    name: 'no empty line before a message',
    because: 'nobody we talk to sends one, and to skip it is to guess where a message begins',
    by: 'ours',
    code: 'START_LINE_INVALID',
    why: /line "(?:[\r\n]|"$)/,
  },
  {
    name: 'no HTTP/0.9',
    because: 'a request line without a version is a damaged one',
    by: 'ours',
    code: 'START_LINE_INVALID',
    why: /line "[A-Z]+ [^ ]*"$/,
  },
  {
    name: 'no control character in a status line',
    because: 'RFC 9112, 4: the reason is made of blanks and visible characters',
    by: 'ours',
    code: 'START_LINE_INVALID',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
    why: /line "HTTP\/1\.[01] \d{3}[^"]*[\0-\x08\n-\x1f\x7f]/,
  },
  {
    name: 'a target is a path, one blank before and after it',
    because: 'neither Lambda nor the bootstrap sends the other forms, which only proxies need',
    by: 'ours',
    code: 'START_LINE_INVALID',
    why: /line "[A-Z]+ (?:[^/]|[^ ]* [^H]|[^ ]* $)/,
  },
  {
    name: 'a status is 100 at least',
    because: 'RFC 9110, 15: there are five classes, and what is below would be taken for none of them',
    by: 'ours',
    code: 'START_LINE_INVALID',
    why: /line "HTTP\/1\.[01] 0\d\d /,
  },
  {
    name: 'the word close ends a connection',
    because:
      'others stay with HTTP/1.0 when keep-alive stands there too; RFC 9112, 9.3 looks for close first',
    by: 'ours',
    code: 'nothing',
    stream: /HTTP\/1\.0.*connection:[^\r]*close/is,
  },
  {
    name: 'no coding but chunked',
    because: 'others read what they cannot decode until the end of the connection, and call it the body',
    by: 'ours',
    code: 'CODING_UNSUPPORTED',
  },
  {
    name: 'a chunk size has ten digits at most',
    because: 'what is longer is zeros or more than a terabyte',
    by: 'ours',
    code: 'CHUNK_INVALID',
    why: /too large/,
  },
  {
    name: 'a method is one of a list',
    because: 'ours hands the method over as it is, and who serves it refuses it',
    by: 'node:http',
    code: 'HPE_INVALID_METHOD',
  },
  {
    name: 'a target has the characters of a URL',
    because: 'ours hands the target over as it is, and who serves it refuses it',
    by: 'node:http',
    code: 'HPE_INVALID_URL',
  },
  {
    name: 'a chunk extension follows its grammar',
    because: 'everyone reads over extensions; ours refuses in them what could be a line end',
    by: 'node:http',
    code: 'HPE_STRICT',
  },
  {
    name: 'a chunk extension follows its grammar (undici)',
    because: 'everyone reads over extensions; ours refuses in them what could be a line end',
    by: 'undici',
    code: /in chunk extensions/,
  },
  {
    name: 'trailers are no framing',
    because: 'ours never looks for a length or a coding in trailers, so it need not refuse them',
    by: 'node:http',
    code: /^HPE_(?:INVALID_TRANSFER_ENCODING|INVALID_CONTENT_LENGTH|UNEXPECTED_CONTENT_LENGTH)$/,
    stream: TRAILER_FRAMING,
  },
  {
    name: 'trailers are no framing (undici)',
    because: 'as above',
    by: 'undici',
    code: /Content-Length can't be present with Transfer-Encoding/,
    stream: TRAILER_FRAMING,
  },
  {
    name: 'a 204 or 304 that promises a body has none',
    because: 'undici leaves the connection in case the body comes; ours refuses the body as no answer',
    by: 'undici',
    code: 'NO_SECOND_CONNECTION',
    stream: /HTTP\/1\.[01] [23]04.*(?:content-length|transfer-encoding):/is,
  },
  {
    name: 'blanks behind a length are none of it',
    because: 'undici takes the blank for a digit, and misses what it then counts',
    by: 'undici',
    code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    stream: /content-length:[ \t]*\d+[ \t]+\r\n/i,
  },
  {
    name: 'an answer that announces another is taken',
    because: 'undici gives up on 100 Continue unless it asked for it; RFC 9110, 15.2 wants it ignored',
    by: 'undici',
    code: 'UND_ERR_SOCKET',
    stream: /HTTP\/1\.[01] 100/,
  },
];

/**
 * Finds the rule that explains why two readers did not read the same messages.
 *
 * @param bytes what they read
 * @param stricter the reader that read less
 * @param by its name
 */
export function findException(
  bytes: Buffer,
  { refused = 'nothing', why = '' }: ReadStream,
  by: Exception['by'],
): Exception | undefined {
  return EXCEPTIONS.find(
    (one) =>
      one.by === by &&
      (typeof one.code === 'string' ? one.code === refused : one.code.test(refused)) &&
      (one.why?.test(why) ?? true) &&
      (one.stream?.test(bytes.toString('latin1')) ?? true),
  );
}
