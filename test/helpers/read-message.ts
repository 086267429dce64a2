/** Whether requests or answers are read. */
export type MessageKind = 'request' | 'answer';

/** A message as a reader understood it. */
export interface ReadMessage {
  /** Method and target, or the status. */
  readonly start: string;
  /** Name and value of each header that is not about the connection, a line each. */
  readonly headers: string;
  readonly body: string;
  readonly trailers: string;
}

/** What a reader made of all the bytes of a connection. */
export interface ReadStream {
  /** Those that came to their end, in order. */
  readonly messages: readonly ReadMessage[];
  /** The code with which it refused to read on. */
  readonly refused: string | undefined;
  /** What it said to that. */
  readonly why?: string | undefined;
}

/** Headers that our reader takes away. */
const PER_CONNECTION = new Set(
  'connection content-length date expect host keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

/**
 * Header lines without those about the connection, as one text to compare.
 *
 * @param raw names and values in turn
 */
export function headerText(raw: readonly (string | Buffer)[]): string {
  let text = '';
  for (let index = 0; index < raw.length; index += 2) {
    const [name, value] = [raw[index], raw[index + 1]].map((part) =>
      typeof part === 'string' ? part : (part as Buffer).toString('latin1'),
    ) as [string, string];
    // Some leave the blanks at the end of a value to their caller.
    if (!PER_CONNECTION.has(name.toLowerCase())) text += `${name}:${value.replace(/[ \t]+$/, '')}\n`;
  }
  return text;
}

/**
 * Takes header lines apart.
 *
 * @param lines the lines, each with its line end
 * @returns names and values in turn, values without the blanks around them
 */
export function headerPairs(lines: string): string[] {
  return lines
    .split('\r\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
    });
}
