/** Settings of a file, each of which is taken once: what is left at the end was not understood. */
export class Remaining {
  readonly #root: unknown;
  readonly #entered = new Set<unknown>();

  /** @param root what was read; it is changed */
  constructor(root: unknown) {
    this.#root = root;
  }

  /**
   * Takes a value out.
   *
   * @param path keys to it
   * @returns undefined when nothing is there
   */
  take(...path: readonly string[]): unknown {
    let parent = this.#root;
    for (const key of path.slice(0, -1)) {
      if (!isRecord(parent)) return undefined;
      this.#entered.add(parent);
      parent = parent[key];
    }
    const last = path.at(-1) ?? '';
    if (!isRecord(parent) || !Object.hasOwn(parent, last)) return undefined;
    this.#entered.add(parent);
    const value = parent[last];
    delete parent[last];
    return value;
  }

  /**
   * Takes a value out if it is a text, and leaves it otherwise.
   *
   * @param path keys to it
   */
  takeText(...path: readonly string[]): string | undefined {
    const found = path.reduce<unknown>(
      (value, key) => (isRecord(value) ? value[key] : undefined),
      this.#root,
    );
    if (typeof found === 'string') this.take(...path);
    return typeof found === 'string' ? found : undefined;
  }

  /**
   * The names of what is under a key, which stays there.
   *
   * @param key of the file
   */
  names(key: string): string[] {
    const value = isRecord(this.#root) ? this.#root[key] : undefined;
    if (!isRecord(value)) return [];
    this.#entered.add(value);
    return Object.keys(value);
  }

  /** Paths of what nobody took, joined with dots; whole where nothing of it was taken. */
  left(): string[] {
    return [...this.#leftIn(this.#root, [])];
  }

  *#leftIn(value: unknown, path: readonly string[]): Generator<string> {
    if (!isRecord(value) || !this.#entered.has(value)) {
      yield path.join('.');
      return;
    }
    for (const [key, item] of Object.entries(value)) yield* this.#leftIn(item, [...path, key]);
  }
}

/**
 * Whether a value has keys.
 *
 * @param value anything
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
