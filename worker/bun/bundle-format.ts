/** Bun tells ES modules from CommonJS by their text alone, wherever they lie. */
export function importBundle(url: string): Promise<unknown> {
  return import(url);
}
