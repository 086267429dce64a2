const PLAIN = /^[\w-]+$/;

/**
 * Writes a request id into a path.
 *
 * @param id as it came
 * @returns the id itself where it has letters, digits and hyphens only, as Lambda's have, else percent-encoded
 */
export function pathSegment(id: string): string {
  return PLAIN.test(id) ? id : encodeURIComponent(id);
}
