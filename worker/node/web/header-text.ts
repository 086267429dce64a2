import { isUtf8 } from 'node:buffer';

const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * Makes a header's value as HTTP clients and servers in JavaScript hold it: a character for each byte. Events carry
 * what those bytes mean in UTF-8.
 * @param text - the value in an event
 * @returns the value for a request
 */
export function toWireValue(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/**
 * Makes the text that a header's bytes stand for.
 * @param value - the value in an answer, a character for each byte
 * @returns the text for a result; bytes that are no UTF-8 are taken as Latin-1
 */
export function fromWireValue(value: string): string {
  if (!BEYOND_ASCII.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}
