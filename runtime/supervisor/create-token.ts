import { closeSync, openSync, readSync } from 'node:fs';

const TOKEN_BYTES = 16;

/**
 * Makes what proves to a worker that its bootstrap is asking. Straight from the system: loading `node:crypto` takes
 * milliseconds of every cold start.
 *
 * @returns random bytes in hexadecimal
 */
export function createToken(): string {
  const token = Buffer.alloc(TOKEN_BYTES);
  const source = openSync('/dev/urandom', 'r');
  readSync(source, token);
  closeSync(source);
  return token.toString('hex');
}
