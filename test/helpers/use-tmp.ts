import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where cleaning up is registered: a test's own context, or a suite's `after`. */
export interface Cleaner {
  after(clean: () => void | Promise<void>): void;
}

/**
 * Makes a folder that is removed when the test ends.
 *
 * @param t the test's context
 * @returns its path
 */
export function useTmp(t: Cleaner): string {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-test-'));
  // A program that the test started may write there until it has ended too, which the removal would fail for.
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
  return folder;
}
