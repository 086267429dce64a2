import type { HeaderField } from './http-request.ts';

/** What concerns one connection and not the message; RFC 9110, 7.6.1. */
const OF_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Leaves out the headers that are meant for the next hop alone, and those that `Connection` names.
 * @param headers - names in lower case
 * @returns what is to be passed on
 */
export function endToEndHeaders(headers: Iterable<HeaderField>): HeaderField[] {
  const all = [...headers];
  const named = all
    .filter(([name]) => name === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','));
  const dropped = new Set(named.map((name) => name.trim()));
  return all.filter(([name]) => !OF_CONNECTION.has(name) && !dropped.has(name));
}
