import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeParts } from '../sandbox/compose-parts.ts';
import type { WorkFolder } from '../work-folder.ts';

/** Beside which file a source map is laid. */
const SOURCE_MAP_NAME = 'function.bundle.js.map';

/** The zip of a function, kept as long as a state of a function, or a call, has it. */
export interface StoredCode {
  /** Path of the zip. */
  readonly zip: string;
  readonly bytes: number;
  /** SHA-256 of the zip in base64, as the API tells it. */
  readonly sha256: string;
  /** Unpacks it the first time it is asked, and returns the folder. */
  unpack(otherBytes: number, signal: AbortSignal): Promise<string>;
  retain(): void;
  /** Takes back one `retain()`; after the last one the files are removed. */
  release(): void;
}

/** The code of all functions, each zip once. */
export class CodeStore {
  readonly #work: WorkFolder;
  readonly #codes = new Map<string, StoredCode>();
  readonly #removals = new Set<Promise<void>>();
  #made = 0;

  constructor(work: WorkFolder) {
    this.#work = work;
  }

  /**
   * Keeps a zip, retained once for the caller.
   *
   * @param zip its bytes
   * @param local path by which errors name it, and of the source map that is laid beside the bundle
   */
  async add(
    zip: Uint8Array,
    local: { path?: string; sourceMap?: string | undefined } = {},
  ): Promise<StoredCode> {
    const sha256 = createHash('sha256').update(zip).digest('base64');
    const key = `${sha256} ${local.sourceMap ?? ''}`;
    const known = this.#retained(key);
    if (known !== undefined) return known;
    const folder = await this.#work.make(`code/${this.#made++}`);
    const path = join(folder, 'function.zip');
    await writeFile(path, zip);
    const meanwhile = this.#retained(key);
    if (meanwhile !== undefined) {
      this.#remove(folder);
      return meanwhile;
    }
    const code = this.#keep(key, { folder, path, sha256, bytes: zip.length }, local);
    this.#codes.set(key, code);
    return code;
  }

  /** Finds a zip by its SHA-256 in base64. */
  find(sha256: string): StoredCode | undefined {
    return [...this.#codes.values()].find((code) => code.sha256 === sha256);
  }

  /** Waits until everything that was released is gone. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #keep(
    key: string,
    kept: { folder: string; path: string; sha256: string; bytes: number },
    local: { path?: string; sourceMap?: string | undefined },
  ): StoredCode {
    let users = 1;
    let unpacked: Promise<string> | undefined;
    const unpack = async (otherBytes: number, signal: AbortSignal) => {
      const folder = join(kept.folder, 'task');
      await mkdir(folder, { recursive: true });
      await composeParts([local.path ?? kept.path], folder, { otherBytes, signal });
      if (local.sourceMap !== undefined) await copyFile(local.sourceMap, join(folder, SOURCE_MAP_NAME));
      return folder;
    };
    return {
      zip: kept.path,
      bytes: kept.bytes,
      sha256: kept.sha256,
      unpack: (...how) => {
        unpacked ??= unpack(...how).catch((error: unknown) => {
          unpacked = undefined;
          throw error;
        });
        return unpacked;
      },
      retain() {
        users += 1;
      },
      release: () => {
        users -= 1;
        if (users > 0) return;
        this.#codes.delete(key);
        this.#remove(kept.folder);
      },
    };
  }

  #retained(key: string): StoredCode | undefined {
    const known = this.#codes.get(key);
    known?.retain();
    return known;
  }

  #remove(folder: string): void {
    const removal = rm(folder, { recursive: true, force: true }).catch(() => {});
    this.#removals.add(removal);
    void removal.then(() => this.#removals.delete(removal));
  }
}
