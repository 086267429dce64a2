import { type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';

interface Watched {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/**
 * Watches folders, each by itself: Node's recursive watch loses sight of most files that an editor renames into place.
 * A folder that was made anew under its old name is another one, which `sync()` finds out.
 */
export class FolderWatches {
  readonly #watched = new Map<string, Watched>();
  readonly #changed: (path: string) => void;

  /** @param changed gets the path of what was written, made, removed or renamed in a folder */
  constructor(changed: (path: string) => void) {
    this.#changed = changed;
  }

  /**
   * Watches these folders and no others; those that are not there are left out.
   *
   * @param folders their paths
   * @returns whether one is watched that was not
   * @throws what the system refuses, when it can watch no more of them
   */
  sync(folders: ReadonlySet<string>): boolean {
    for (const folder of this.#watched.keys()) if (!folders.has(folder)) this.#forget(folder);
    let hasNew = false;
    for (const folder of folders) {
      const inode = statSync(folder, { throwIfNoEntry: false })?.ino;
      if (this.#watched.get(folder)?.inode === inode) continue;
      this.#forget(folder);
      if (inode !== undefined) hasNew = this.#add(folder, inode) || hasNew;
    }
    return hasNew;
  }

  close(): void {
    for (const folder of this.#watched.keys()) this.#forget(folder);
  }

  #add(folder: string, inode: number): boolean {
    try {
      const watcher = watch(folder, (_event, name) => this.#changed(join(folder, name ?? '')));
      // It was removed; whoever makes it again is seen in the folder above.
      watcher.on('error', () => this.#forget(folder));
      this.#watched.set(folder, { inode, watcher });
      return true;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }

  #forget(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }
}
