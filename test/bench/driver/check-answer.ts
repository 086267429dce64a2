import { isDeepStrictEqual } from 'node:util';

/** Comparing as JSON costs more than many invocations: the first ones, then one in a hundred. */
const COMPARED_FIRST = 20;
const COMPARED_EVERY = 100;

/**
 * Checks an answer whose bytes are not those of the event: clients may print JSON with other blanks or another order
 * of keys, nothing else.
 *
 * @param event the event
 * @param answer the answer
 * @param number the event's number, which no other event has
 * @param index how many events came before it
 * @returns what is wrong with it, if anything is
 */
export function whyWrong(event: Buffer, answer: Buffer, number: number, index: number): string | undefined {
  const wrong = `answered event ${number} with ${answer.length} bytes that are not the event: "${answer.toString('utf8', 0, 120)}"`;
  if (!answer.includes(String(number))) return wrong;
  if (index >= COMPARED_FIRST && index % COMPARED_EVERY !== 0) return undefined;
  try {
    const [wanted, got] = [event, answer].map((json) => JSON.parse(json.toString('utf8')) as unknown);
    return isDeepStrictEqual(wanted, got) ? undefined : wrong;
  } catch {
    return wrong;
  }
}

/**
 * Reads the answer of a handler that was told to stamp.
 *
 * @param answer the answer
 * @param number the event's number
 * @returns when the handler began, in nanoseconds of the monotonic clock; `undefined` when the answer is another
 */
export function readStamp(answer: Buffer, number: number): number | undefined {
  try {
    const { id, handlerNs } = JSON.parse(answer.toString('utf8')) as Readonly<Record<string, unknown>>;
    return id === number && typeof handlerNs === 'string' ? Number(handlerNs) : undefined;
  } catch {
    return undefined;
  }
}
