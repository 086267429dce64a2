/**
 * What a verb prints with `--json`.
 *
 * @param value the result
 */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
