import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { lookAtTree } from '../../runtime/emulator/sandbox/process-look.ts';
import { pinnedNode } from '../helpers/clients.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** What `dev` leaves of itself in a message when it ends too early. */
const SHOWN_LENGTH = 2000;

/** A line that `dev --json` prints on a swap. */
export interface Told {
  /** The function, when it was swapped. */
  readonly swapped?: string;
  /** The function, when it was not. */
  readonly refused?: string;
  readonly digest: string;
  readonly reason?: string;
  readonly tookMs?: number;
  readonly parts?: Readonly<Record<string, number>>;
  /** On the clock that all processes share. */
  readonly flippedMs?: number;
}

/** `pilotlight dev` as a user starts it. */
export class DevProcess {
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  readonly #waiting: ((told: Told) => void)[] = [];
  readonly #ended: Promise<unknown>;
  #stderr = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-SHOWN_LENGTH);
    });
  }

  /**
   * Starts it with one function.
   *
   * @param folder of the function
   * @param args more arguments
   * @returns it and its address, once it is ready
   */
  static async start(
    folder: string,
    args: readonly string[] = [],
  ): Promise<{ dev: DevProcess; url: string }> {
    const { PATH, HOME, TMPDIR } = process.env;
    const command = ['runtime/bin.mjs', 'dev', folder, '--json', '--port', '0', '--url-port', '0', ...args];
    const child = spawn(pinnedNode(), command, {
      cwd: PROJECT,
      env: { PATH, HOME, TMPDIR },
      // A group of its own: Ctrl-C in a terminal is for the run, which then ends it in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const dev = new DevProcess(child);
    const lines = createInterface({ input: child.stdout });
    const first = once(lines, 'line').then(([line]) => String(line));
    const early = dev.#ended.then(() => {
      throw new Error(`Cannot start dev: it ended, ${dev.#stderr}`);
    });
    early.catch(() => {});
    const { url } = JSON.parse(await Promise.race([first, early]));
    lines.on('line', (line) => dev.#tell(JSON.parse(line)));
    return { dev, url };
  }

  /** The next swap that nobody has been told of yet; rejects when the run is to stop. */
  async next(signal: AbortSignal): Promise<Told> {
    const known = this.#told.shift();
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<Told>();
    this.#waiting.push(resolve);
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    this.#child.once('exit', stop);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#child.off('exit', stop);
    }
  }

  /** All its processes, those of environments included. */
  processes(): readonly number[] {
    return lookAtTree(this.#child.pid as number);
  }

  /** The folder of its environments: there are two, and the other has no code. */
  async workFolder(): Promise<string> {
    for (const name of await this.workFolders()) {
      if ((await readdir(join(tmpdir(), name))).includes('opt')) return join(tmpdir(), name);
    }
    throw new Error('Cannot find the work folder of dev');
  }

  /** Names of its folders for temporary files. */
  async workFolders(): Promise<readonly string[]> {
    const own = this.processes().map((pid) => `pilotlight-${pid}-`);
    return (await readdir(tmpdir())).filter((name) => own.some((prefix) => name.startsWith(prefix)));
  }

  /** What Ctrl-C does. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGINT');
    await this.#ended;
  }

  #tell(told: Told): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#told.push(told);
    else waiting(told);
  }
}
