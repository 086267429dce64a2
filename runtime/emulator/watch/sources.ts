import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { builtFiles } from '../../cli/built-files.ts';

const SETTINGS_FILE = 'pilotlight.json';
const IN_PACKAGE = /\/node_modules\//;
/** An editor writes in one go, often in several steps; what takes longer is a second save. */
const SETTLE_MS = 20;
/** Installers take their time from one file to the next, and half a package cannot be bundled. */
const PACKAGE_SETTLE_MS = 250;

/** What a function was made from, and thus which changes matter. */
export interface Sources {
  /** What has to be watched for them. */
  readonly folders: ReadonlySet<string>;
  /** Whether this file was read, or looked for. */
  has(path: string): boolean;
  /** Whether what happened there may change the function. */
  concerns(path: string): boolean;
  /**
   * What they are when building was not completed: these and what was read this time.
   *
   * @param hasFailed whether something has to be mended, which whatever happens in the folder may do
   */
  and(read: readonly string[], hasFailed: boolean): Sources;
}

/**
 * The sources of a function that is bundled, or comes as a zip.
 *
 * @param root absolute path of its folder
 * @param read absolute paths of files that were read, or in vain looked for
 */
export function sourcesOf(root: string, read: readonly string[], hasFailed = false): Sources {
  const files = new Set([join(root, SETTINGS_FILE), ...read]);
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = dirname(file); !folders.has(at); at = dirname(at)) {
      folders.add(at);
      // A folder is made anew in the one above it; further up nobody replaces what the function lies in.
      if (isBelow(root, at)) break;
    }
  }
  return {
    folders,
    has: (path) => files.has(path),
    concerns: (path) => {
      if (files.has(path) || folders.has(path)) return true;
      if (!hasFailed) return false;
      return isBelow(path, root) || IN_PACKAGE.test(path) || [...files].some((file) => path.startsWith(file));
    },
    and: (more, failed) => sourcesOf(root, [...files, ...more], failed),
  };
}

/**
 * The sources of a function whose folder is taken as it is, without what is hidden and what is built.
 *
 * @param root absolute path of the folder
 */
export function wholeFolder(root: string): Sources {
  const built = builtFiles(root);
  const isShipped = (path: string) => {
    const name = relative(root, path);
    return isBelow(path, root) && !/(?:^|\/)\./.test(name) && !built.folders.has(name) && !built.has(name);
  };
  return {
    folders: new Set([dirname(root), root, ...foldersIn(root)]),
    has: isShipped,
    concerns: (path) => path === root || isShipped(path),
    and: () => wholeFolder(root),
  };
}

/** How long after a change nothing may follow before it is looked at, in milliseconds. */
export function settleMs(path: string): number {
  return IN_PACKAGE.test(path) ? PACKAGE_SETTLE_MS : SETTLE_MS;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => resolve(folder, name))
      .flatMap((path) => [path, ...foldersIn(path)]);
  } catch {
    // Removed meanwhile, which the folder above it tells.
    return [];
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
