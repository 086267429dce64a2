import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import {
  DeleteFunctionCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { monotonicMs } from '../../runtime/emulator/control/replacement.ts';
import { pinnedNode } from '../helpers/clients.ts';
import type { BrokenCode } from './broken-code.ts';
import type { DevProcess, Told } from './dev-process.ts';
import type { Flip } from './history.ts';
import { invoke } from './load.ts';
import { FUNCTION_NAME, makeZip, save, sourceOf } from './test-function.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Who can ask for a swap; all go the same way in the end. */
export const WAYS = ['sdk', 'command', 'rollback', 'save'] as const;
export type Way = (typeof WAYS)[number];

const NO_TIME = /^Sandbox\.Timedout/;

/** One swap, from when it was asked for until it served. */
export interface DoneSwap {
  readonly way: Way;
  readonly askedMs: number;
  readonly flippedMs: number;
  readonly told: Told;
}

/** Swaps the code of a function of `dev` in every way that there is. */
export class Swapper {
  /** What served from when on. */
  readonly flips: Flip[] = [];
  /** How often a machine that is too busy took longer than Lambda gives an init, so that good code was refused. */
  timeouts = 0;
  readonly #url: string;
  readonly #dev: DevProcess;
  readonly #client: LambdaClient;
  readonly #folder: string;
  readonly #zips: string;
  readonly #signal: AbortSignal;
  #made = 0;

  /**
   * @param dev has the function and serves the Lambda API
   * @param places `url` of the API, `folder` of the function's source, `zips` for zips
   * @param signal stops what is waited for
   */
  constructor(dev: DevProcess, places: { url: string; folder: string; zips: string }, signal: AbortSignal) {
    this.#dev = dev;
    this.#url = places.url;
    this.#folder = places.folder;
    this.#zips = places.zips;
    this.#signal = signal;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#client = new LambdaClient({
      endpoint: places.url,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
  }

  /** Swaps to a version that was not there yet, or back to the one before by `rollback`. */
  async swap(way: Way): Promise<DoneSwap> {
    if (way === 'rollback') return await this.#rollBack();
    const version = this.#nextVersion();
    const askedMs = monotonicMs();
    await this.#ask(way, version);
    const told = await this.#dev.next(this.#signal);
    if (told.flippedMs !== undefined || !NO_TIME.test(told.reason ?? ''))
      return this.#done(way, version, askedMs, told);
    this.timeouts += 1;
    return await this.swap(way);
  }

  async #ask(way: Exclude<Way, 'rollback'>, version: string): Promise<void> {
    switch (way) {
      case 'sdk':
        await this.#update(await this.#zip(version));
        break;
      case 'command':
        await this.#pilotlight('swap', await this.#zip(version), '--name', FUNCTION_NAME);
        break;
      case 'save':
        await save(this.#folder, sourceOf(version), this.#made % 2 === 0 ? 'rename' : 'write');
    }
  }

  /** Tries code that cannot serve; returns what was refused, and fails when it was not. */
  async refuse({ name, source, reason }: BrokenCode): Promise<string> {
    const said =
      source === undefined
        ? await this.#refusedUpload()
        : await this.#refusedCode(await this.#broken(source));
    if (!reason.test(said)) throw new Error(`${name}: refused as "${said}", expected ${reason}`);
    return said;
  }

  /** Saves sources that cannot serve. */
  async refuseSave(source: string, reason: RegExp): Promise<void> {
    await save(this.#folder, source, 'write');
    const said = (await this.#dev.next(this.#signal)).reason ?? 'swapped';
    if (!reason.test(said)) throw new Error(`A save was answered "${said}", expected ${reason}`);
  }

  /** Measures a cold start as a caller sees it: the first invocation of a version that has no environment, in ms. */
  async coldStartMs(): Promise<number> {
    const { Version = '' } = await this.#client.send(
      new PublishVersionCommand({ FunctionName: FUNCTION_NAME }),
    );
    const { sentMs, receivedMs, failure } = await invoke(this.#url, `${FUNCTION_NAME}:${Version}`);
    if (failure !== undefined) throw new Error(`A cold start failed: ${failure}`);
    await this.#unpublish();
    return receivedMs - sentMs;
  }

  close(): void {
    this.#client.destroy();
  }

  /** What serves is published first, so that it can be gone back to. */
  async #rollBack(): Promise<DoneSwap> {
    const FunctionName = FUNCTION_NAME;
    const earlier = this.flips.at(-1)?.version ?? '';
    await this.#client.send(new PublishVersionCommand({ FunctionName }));
    await this.swap('sdk');
    const askedMs = monotonicMs();
    await this.#pilotlight('rollback', FUNCTION_NAME);
    const done = this.#done('rollback', earlier, askedMs, await this.#dev.next(this.#signal));
    await this.#unpublish();
    return done;
  }

  #done(way: Way, version: string, askedMs: number, told: Told): DoneSwap {
    const { flippedMs } = told;
    if (flippedMs === undefined) throw new Error(`A swap by ${way} was refused: ${told.reason}`);
    this.flips.push({ version, flippedMs });
    return { way, askedMs, flippedMs, told };
  }

  async #refusedCode(zip: string): Promise<string> {
    await this.#update(zip);
    return (await this.#dev.next(this.#signal)).reason ?? 'swapped';
  }

  async #refusedUpload(): Promise<string> {
    const update = { FunctionName: FUNCTION_NAME, ZipFile: Buffer.from('no zip') };
    return await this.#client.send(new UpdateFunctionCodeCommand(update)).then(() => 'taken', String);
  }

  async #update(zip: string): Promise<void> {
    const update = { FunctionName: FUNCTION_NAME, ZipFile: await readFile(zip) };
    await this.#client.send(new UpdateFunctionCodeCommand(update), { abortSignal: this.#signal });
  }

  /** Deletes all versions: each has code of its own, and a rollback publishes one too. */
  async #unpublish(): Promise<void> {
    const FunctionName = FUNCTION_NAME;
    const { Versions = [] } = await this.#client.send(new ListVersionsByFunctionCommand({ FunctionName }));
    for (const { Version: Qualifier = '' } of Versions) {
      if (Qualifier === '$LATEST') continue;
      await this.#client.send(new DeleteFunctionCommand({ FunctionName, Qualifier }));
    }
  }

  async #pilotlight(...args: readonly string[]): Promise<void> {
    const { PATH, HOME } = process.env;
    const child = spawn(pinnedNode(), ['runtime/bin.mjs', ...args, '--endpoint-url', this.#url], {
      cwd: PROJECT,
      env: { PATH, HOME },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: this.#signal,
    });
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
    if (code !== 0) throw new Error(`pilotlight ${args[0]} exits with ${code}: ${stderr}`);
  }

  #nextVersion(): string {
    this.#made += 1;
    return `v${this.#made}`;
  }

  #zip(version: string): Promise<string> {
    return makeZip(join(this.#zips, 'next.zip'), sourceOf(version));
  }

  #broken(source: string): Promise<string> {
    // A comment makes it other code than that of the same kind before.
    return makeZip(join(this.#zips, 'broken.zip'), `${source}// ${this.#nextVersion()}\n`);
  }
}
