import type { ServerResponse } from 'node:http';

/**
 * Writes a part of a response, unless its client is gone or it has ended.
 *
 * @returns a promise when the client is slower than that; it settles when more can be taken, or nobody is left to
 */
export function writePart(response: ServerResponse, part: Uint8Array): Promise<void> | undefined {
  if (response.destroyed || response.writableEnded || response.write(part)) return undefined;
  return new Promise((resolve) => {
    const settle = () => {
      for (const event of ['drain', 'finish', 'close']) response.off(event, settle);
      resolve();
    };
    for (const event of ['drain', 'finish', 'close']) response.once(event, settle);
  });
}
