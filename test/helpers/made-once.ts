import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Variable with the folder in which the files of one run find what another has made. */
export const SHARED_VARIABLE = 'PILOTLIGHT_TEST_SHARED';

let sharedFolder = process.env[SHARED_VARIABLE];
const known = new Map<string, Promise<string>>();

/**
 * Makes a folder that no test changes once for all files of a run; where a file runs by itself, once for the file.
 *
 * @param name its name
 * @param make fills a new folder; two files may do so at once, of which one wins
 * @returns its path
 */
export function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = known.get(name) ?? makeIfAbsent(name, make);
  known.set(name, folder);
  return folder;
}

async function makeIfAbsent(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  sharedFolder ??= folderOfProcess();
  const path = join(sharedFolder, name);
  if (existsSync(path)) return path;
  const making = mkdtempSync(join(sharedFolder, 'making-'));
  await make(making);
  try {
    renameSync(making, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(making, { recursive: true });
  }
  return path;
}

function folderOfProcess(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pl-shared-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
