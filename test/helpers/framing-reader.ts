import type { Head } from '../../runtime/http1/head.ts';
import type { MessageReader } from '../../runtime/http1/message-reader.ts';
import type { WholeBody } from '../../runtime/http1/whole-body.ts';
import {
  headerPairs,
  headerText,
  type MessageKind,
  type ReadMessage,
  type ReadStream,
} from './read-message.ts';

/** Above every head that is generated. */
export const MAX_HEAD_BYTES = 80_000;

/**
 * Lets our framing read a stream. Every piece lies in the same buffer, as with a socket's reads: what the reader keeps
 * of one must be a copy.
 *
 * @param Reader the framing under test
 * @param kind of the messages
 * @param pieces the bytes as they come, after which the connection ends
 * @param limit how many messages are wanted; what follows the last is not looked at
 */
export function readByFraming(
  Reader: typeof MessageReader,
  kind: MessageKind,
  pieces: readonly Buffer[],
  limit: number,
): ReadStream {
  const messages: ReadMessage[] = [];
  let head: Head | undefined;
  let body: string[] = [];
  let over = false;
  const onHead = (next: Head) => {
    head = next;
    body = [];
  };
  const onEnd = (trailers: string) => {
    const { status, method, target, lines, keepAlive } = head as Head;
    if (over) return;
    messages.push({
      start: kind === 'request' ? `${method} ${target}` : String(status),
      headers: headerText(headerPairs(lines)),
      body: body.join(''),
      trailers: headerText(headerPairs(trailers)),
    });
    over = messages.length === limit || !keepAlive;
  };
  const onData = (data: Buffer) => void body.push(data.toString('latin1'));
  const onWhole = (next: Head, whole: WholeBody) => {
    onHead(next);
    body.push('latin1' in whole ? whole.latin1 : whole.toString('latin1'));
    onEnd('');
  };
  const events = { onWhole, onHead, onData, onEnd };
  const reader = new Reader(kind, events, MAX_HEAD_BYTES);
  const read = Buffer.alloc(Math.max(0, ...pieces.map((piece) => piece.length)));
  let refusal: NodeJS.ErrnoException | undefined;
  try {
    for (const piece of pieces) {
      if (over) break;
      piece.copy(read);
      reader.feed(read, piece.length);
      read.fill(0xff);
    }
    if (!over) reader.end();
  } catch (error) {
    const thrown = error as NodeJS.ErrnoException;
    // An error that is no refusal is a defect.
    if (thrown.code === undefined) throw error;
    if (!over) refusal = thrown;
  }
  return { messages, refused: refusal?.code, why: refusal?.message };
}
