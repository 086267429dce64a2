import { randomUUID } from 'node:crypto';

/** An event as a case describes it. */
export interface EventSpec {
  /** Sent as JSON, unless it is bytes. */
  readonly body?: unknown;
  readonly id?: string;
  readonly deadlineMs?: number;
  /** Over the usual headers; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** An event ready to be sent. */
export interface EventMessage {
  readonly id: string;
  /** Status line, headers and the empty line, without what frames the body. */
  readonly lines: readonly string[];
  readonly body: Buffer;
}

/** The ARN of the kit's function. */
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:conformance';
const DEADLINE_IN_MS = 60_000;

/**
 * Writes an event as Lambda's answer to a poll.
 *
 * @param spec what is special about it
 */
export function makeEvent(spec: EventSpec): EventMessage {
  const id = spec.id ?? randomUUID();
  const body =
    spec.body instanceof Uint8Array ? Buffer.from(spec.body) : Buffer.from(JSON.stringify(spec.body ?? {}));
  const headers: Record<string, string | undefined> = {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': id,
    'Lambda-Runtime-Deadline-Ms': String(spec.deadlineMs ?? Date.now() + DEADLINE_IN_MS),
    'Lambda-Runtime-Invoked-Function-Arn': FUNCTION_ARN,
    'Lambda-Runtime-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    ...spec.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return { id, lines: ['HTTP/1.1 200 OK', ...lines], body };
}

/**
 * A whole message with a length.
 *
 * @param event the event
 */
export function withLength({ lines, body }: EventMessage): Buffer {
  const head = `${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/**
 * A whole message in chunks.
 *
 * @param event the event
 * @param chunkBytes how large each is
 * @param writeSize how a size is written
 * @param trailers lines behind the last chunk
 */
export function withChunks(
  { lines, body }: EventMessage,
  chunkBytes: number,
  writeSize = (bytes: number) => bytes.toString(16),
  trailers: readonly string[] = [],
): Buffer {
  const parts: Buffer[] = [Buffer.from(`${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n`)];
  for (let from = 0; from < body.length; from += chunkBytes) {
    const part = body.subarray(from, from + chunkBytes);
    parts.push(Buffer.from(`${writeSize(part.length)}\r\n`), part, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`));
  return Buffer.concat(parts);
}
