import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { extname, join } from 'node:path';
import process from 'node:process';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import type { DriverTask, FromDriver, ToDriver } from '../driver/protocol.ts';
import { placed } from './placement.ts';

// As this file is: compiled in the npm package.
const MAIN = join(import.meta.dirname, `../driver/main${extname(import.meta.filename)}`);

/** What the driver tells, by its kind. */
type Told<Kind extends FromDriver['kind']> = Extract<FromDriver, { kind: Kind }>;

/** The candidate did something wrong; the message says what, beginning with a verb. */
export class CandidateFailure extends Error {
  override readonly name = 'CandidateFailure';
}

/** The process that serves the Runtime API and measures, for as many environments as wanted, one after the other. */
export class DriverProcess {
  readonly #child: ChildProcess;
  readonly #messages: AsyncIterator<FromDriver[]>;

  private constructor(child: ChildProcess, signal: AbortSignal) {
    this.#child = child;
    this.#messages = on(child, 'message', { signal, close: ['exit'] }) as AsyncIterator<FromDriver[]>;
  }

  /**
   * Starts the driver.
   *
   * @param processor where it runs, or `undefined` for anywhere
   * @param signal stops waiting for it; `end()` is still to be called
   * @throws {ToolError} `CANNOT` where the program that places it is missing
   */
  static async start(processor: number | undefined, signal: AbortSignal): Promise<DriverProcess> {
    const [file, args] = placed(processor, process.execPath, ['--disable-warning=ExperimentalWarning', MAIN]);
    const child = spawn(file, args, {
      // Nothing of the shell's: it would change what is measured.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const driver = new DriverProcess(child, signal);
    try {
      await driver.told('ready');
      return driver;
    } catch (error) {
      await driver.end();
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new ToolError('CANNOT', `Cannot start the driver: found no "${file}"`, {
        next: 'install util-linux, or pilotlight bench --placement free',
        cause: error,
      });
    }
  }

  /**
   * Opens the Runtime API for one environment.
   *
   * @returns its port
   */
  async open(task: DriverTask): Promise<number> {
    this.#tell({ kind: 'task', task });
    return (await this.told('listening')).port;
  }

  /** Goes on after the warm-up. */
  measure(): void {
    this.#tell({ kind: 'measure' });
  }

  /** Closes the Runtime API. */
  async release(): Promise<void> {
    this.#tell({ kind: 'release' });
    await this.told('released');
  }

  /**
   * Waits for something that the driver tells.
   *
   * @throws {CandidateFailure} when it tells that the candidate failed instead
   */
  async told<Kind extends FromDriver['kind']>(kind: Kind): Promise<Told<Kind>> {
    const { value, done } = await this.#messages.next();
    const message = value?.[0] as FromDriver | undefined;
    if (done || message === undefined) throw new Error('The driver ended unexpectedly');
    if (message.kind === 'failed') throw new CandidateFailure(message.reason);
    if (message.kind !== kind) throw new Error(`The driver told "${message.kind}", expected "${kind}"`);
    return message as Told<Kind>;
  }

  /** Ends the process. */
  async end(): Promise<void> {
    await this.#messages.return?.();
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #tell(message: ToDriver): void {
    // A driver that is gone is told by the message that does not come.
    this.#child.send(message, () => {});
  }
}
