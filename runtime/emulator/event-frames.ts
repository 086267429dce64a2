import { EventStreamCodec } from '@smithy/core/event-streams';

/** How a streamed invocation ended, in the words of the Lambda API. */
export interface InvokeComplete {
  readonly ErrorCode?: string;
  readonly ErrorDetails?: string;
  /** The end of the log in base64. */
  readonly LogResult?: string;
}

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
);

/** The frame of a part of the result. */
export function payloadFrame(chunk: Uint8Array): Uint8Array {
  return frame('PayloadChunk', 'application/octet-stream', chunk);
}

/** The last frame, after a success as after an error. */
export function completeFrame(complete: InvokeComplete): Uint8Array {
  return frame('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(complete)));
}

function frame(eventType: string, contentType: string, body: Uint8Array): Uint8Array {
  const text = (value: string) => ({ type: 'string' as const, value });
  return codec.encode({
    headers: {
      ':message-type': text('event'),
      ':event-type': text(eventType),
      ':content-type': text(contentType),
    },
    body,
  });
}
