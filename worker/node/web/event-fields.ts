/** An object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an object.
 * @param value - anything
 * @returns the value, or an empty object for what is none
 */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/**
 * Reads a text.
 * @param value - anything
 * @returns the value, or `undefined` for what is no text or empty
 */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Lists names with their values, in order.
 * @param multi - lists of values by name, used where there is one
 * @param single - values by name
 * @returns a pair for each value; what is neither text, number nor boolean is left out
 */
export function listPairs(multi: unknown, single: unknown): [name: string, value: string][] {
  const source = typeof multi === 'object' && multi !== null ? multi : fieldsOf(single);
  return Object.entries(source).flatMap(([name, value]) =>
    [value].flat().flatMap((item): [string, string][] => (isPlain(item) ? [[name, String(item)]] : [])),
  );
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
