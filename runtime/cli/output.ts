import { styleText } from 'node:util';

/** How much a verb says on standard error. */
export type Loudness = 'quiet' | 'normal' | 'verbose';

type Style = Parameters<typeof styleText>[0];

/**
 * Where a verb prints: the result alone on standard output, everything else on standard error, colours only on a
 * terminal and never with `NO_COLOR`.
 */
export class Output {
  readonly json: boolean;
  readonly loudness: Loudness;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;

  constructor(
    options: { json?: boolean; loudness?: Loudness },
    stdout: NodeJS.WriteStream = process.stdout,
    stderr: NodeJS.WriteStream = process.stderr,
  ) {
    this.json = options.json ?? false;
    this.loudness = options.loudness ?? 'normal';
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** Prints the result, the only thing that goes to standard output. */
  result(text: string | Uint8Array): void {
    this.#stdout.write(text);
  }

  /** Makes a signal that is aborted when nobody reads standard output any more, as behind `| head`. */
  unread(): AbortSignal {
    const unread = new AbortController();
    this.#stdout.once('error', () => unread.abort());
    return unread.signal;
  }

  /** Prints a line for people; silent with `--quiet`. */
  note(text: string): void {
    if (this.loudness !== 'quiet') this.#stderr.write(`${text}\n`);
  }

  /** Prints a line that matters only to who looks closely; needs `--verbose`. */
  detail(text: string): void {
    if (this.loudness === 'verbose') this.#stderr.write(`${text}\n`);
  }

  /** Prints a line whatever the loudness: warnings, errors and what the function itself logs. */
  always(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  /** Styles text for standard error where that is a terminal. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stderr, validateStream: true });
  }
}
