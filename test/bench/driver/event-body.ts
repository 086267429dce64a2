/** Up to here an event is one string; a larger one is many records, so that parsing it costs what real events cost. */
const MAX_PADDING_BYTES = 1024;
/** Every event's number has ten digits, so that all events of a size have the same bytes but for the number. */
export const FIRST_NUMBER = 1_000_000_000;
/** Where the number stands in a body: behind `{"id":`. */
export const NUMBER_OFFSET = 6;

/**
 * Makes the JSON text of an event.
 *
 * @param bytes its length
 * @returns the event numbered `FIRST_NUMBER`
 * @throws {RangeError} for a length that is too small for a number
 */
export function makeEventBody(bytes: number): Buffer {
  const start = `{"id":${FIRST_NUMBER},`;
  const rest = bytes - start.length;
  const text = bytes <= MAX_PADDING_BYTES ? padded('', rest) : padded(records(rest), rest);
  if (text.length !== rest)
    throw new RangeError(`Cannot make an event of ${bytes} bytes, expected at least ${minEventBytes()}`);
  return Buffer.from(start + text, 'latin1');
}

/** The smallest event. */
export function minEventBytes(): number {
  return `{"id":${FIRST_NUMBER},`.length + padded('', 0).length;
}

function padded(before: string, bytes: number): string {
  const frame = `${before}"padding":""}`;
  const padding = 'x'.repeat(Math.max(0, bytes - frame.length));
  return `${before}"padding":"${padding}"}`;
}

/** As many as fit; what is left over is less than a record. */
function records(bytes: number): string {
  const room = bytes - '"records":[],'.length - padded('', 0).length;
  const all: string[] = [];
  for (let used = 0; ; ) {
    const record = JSON.stringify(makeRecord(all.length));
    used += record.length + 1;
    if (used > room) return `"records":[${all.join(',')}],`;
    all.push(record);
  }
}

/** Its text is long for its keys because a client that puts blanks behind them must stay below Lambda's limit. */
function makeRecord(index: number): object {
  return {
    name: `record ${index}`,
    text: 'The quick brown fox jumps over the lazy dog. '.repeat(5),
    count: index,
    ratio: (index % 100) + 0.25,
    active: index % 3 === 0,
    place: { city: 'Reykjavik', lines: ['Main Street', null], level: index % 7 },
  };
}
