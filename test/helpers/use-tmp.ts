import { mkdtempSync, rmSync } from 'node:fs';
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
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
