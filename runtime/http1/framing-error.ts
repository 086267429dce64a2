/** Why a message cannot be read. After any of these the connection is of no use: nobody knows where the next message begins. */
export type FramingCode =
  | 'HEAD_TOO_LARGE'
  | 'START_LINE_INVALID'
  | 'HEADER_INVALID'
  | 'LENGTH_INVALID'
  | 'LENGTH_AMBIGUOUS'
  | 'CODING_UNSUPPORTED'
  | 'CHUNK_INVALID'
  | 'TRAILER_TOO_LARGE'
  | 'TRUNCATED';

/** A message that is no HTTP/1.1, or more of it than is taken. */
export class FramingError extends Error {
  readonly code: FramingCode;

  constructor(code: FramingCode, message: string) {
    super(message);
    this.name = 'FramingError';
    this.code = code;
  }
}
