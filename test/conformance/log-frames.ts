const HEAD_BYTES = 16;

/** An event of the log as a runtime writes it to the descriptor for log lines. */
export interface LogFrame {
  readonly type: number;
  readonly microseconds: bigint;
  readonly text: string;
}

/**
 * Reads what was written to the descriptor for log lines.
 *
 * @param bytes frames: type, length, microseconds since 1970, then the text; numbers are big-endian
 * @throws when a frame is not whole
 */
export function readLogFrames(bytes: Buffer): readonly LogFrame[] {
  const frames: LogFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.subarray(at, at + HEAD_BYTES);
    const lengthBytes = head.length < HEAD_BYTES ? Number.NaN : head.readUInt32BE(4);
    const text = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + lengthBytes);
    if (text.length !== lengthBytes) throw new Error(`A frame of the log at byte ${at} is not whole`);
    frames.push({
      type: head.readUInt32BE(0),
      microseconds: head.readBigUInt64BE(8),
      text: text.toString('utf8'),
    });
    at += HEAD_BYTES + lengthBytes;
  }
  return frames;
}
