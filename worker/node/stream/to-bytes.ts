/**
 * Makes bytes of a part of a stream.
 * @param part - text, bytes, or what is sent as JSON
 * @returns the bytes; of a part that is bytes no copy
 * @throws TypeError for what is no JSON, such as `undefined` or a cycle
 */
export function toBytes(part: unknown): Uint8Array {
  if (part instanceof Uint8Array) return part;
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part));
}
