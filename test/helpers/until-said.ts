import { on } from 'node:events';
import type { Readable } from 'node:stream';
import type { TestBootstrap } from './use-bootstrap.ts';

/**
 * Resolves when a bootstrap has said something on standard error.
 *
 * @param bootstrap one with `PILOTLIGHT_LOG=debug`, mostly
 * @param text what it says
 * @param count how often, in all
 */
export async function untilSaid({ child, stderr }: TestBootstrap, text: string, count = 1): Promise<void> {
  const pieces = on(child.stderr as Readable, 'data');
  while (stderr().split(text).length <= count) await pieces.next();
  await pieces.return?.();
}
