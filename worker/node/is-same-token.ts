/**
 * Compares a token in a time that tells nothing of where it differs. Not `timingSafeEqual`: loading `node:crypto` takes
 * milliseconds of every cold start.
 * @param given - what came
 * @param token - what is right
 * @returns whether they are the same
 */
export function isSameToken(given: string, token: string): boolean {
  if (given.length !== token.length) return false;
  let difference = 0;
  for (let index = 0; index < token.length; index++) {
    difference |= given.charCodeAt(index) ^ token.charCodeAt(index);
  }
  return difference === 0;
}
