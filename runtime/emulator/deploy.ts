import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionSpec } from './control/function-spec.ts';
import type { Generation } from './control/generation.ts';
import { Environment } from './environment.ts';
import type { EnvironmentSpec } from './environment-spec.ts';
import { FunctionPool, type PoolLimits } from './pool.ts';
import { composeParts } from './sandbox/compose-parts.ts';
import type { WorkFolder } from './work-folder.ts';

/** What all environments of a local Lambda have in common. */
export interface DeployPlan extends PoolLimits {
  readonly shared: Pick<
    EnvironmentSpec,
    | 'region'
    | 'credentials'
    | 'isolation'
    | 'makeMemoryMeter'
    | 'initLimitMs'
    | 'inspectPort'
    | 'freeze'
    | 'faults'
  >;
  readonly log: (line: string, functionName: string, stream: string) => void;
  /** Stops the unpacking. */
  readonly signal: AbortSignal;
}

interface Unpacked {
  readonly folder: string;
  readonly bytes: number;
}

/** Unpacks parts of functions and makes a pool for each state of one; no process is started before it is needed. */
export class Deployer {
  readonly #work: WorkFolder;
  readonly #plan: DeployPlan;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  /** Functions with the same layers share one `/opt`. */
  readonly #opts = new Map<string, Promise<Unpacked>>();
  readonly #pools = new Set<FunctionPool>();
  readonly #discards = new Set<Promise<void>>();
  #made = 0;

  /**
   * @param work folder that takes the unpacked parts
   * @param plan what all functions have in common
   */
  constructor(work: WorkFolder, plan: DeployPlan) {
    this.#work = work;
    this.#plan = plan;
    this.#signal = AbortSignal.any([plan.signal, this.#stop.signal]);
  }

  /**
   * Makes a state of a function that can be called.
   *
   * @param spec what it is made from
   * @param version `$LATEST` or a number
   * @throws {ToolError} `CANNOT` for parts that cannot be unpacked or are too large together
   */
  async deploy(spec: FunctionSpec, version: string): Promise<Generation> {
    const { settings, code } = spec;
    const { shared, log } = this.#plan;
    code.retain();
    try {
      const opt = await this.#unpackLayers(spec.layers.map(({ zip }) => zip));
      const taskFolder = await code.unpack(opt.bytes, this.#signal);
      const tmpFolder = await this.#work.make(`tmp/${this.#made++}`);
      this.#signal.throwIfAborted();
      const makeEnvironment = (count: number) =>
        new Environment({
          ...shared,
          settings,
          version,
          optFolder: opt.folder,
          taskFolder,
          tmpFolder: join(tmpFolder, String(count)),
          log: (line, stream) => log(line, settings.name, stream),
        });
      const pool = new FunctionPool(makeEnvironment, this.#plan);
      this.#pools.add(pool);
      let discarded: Promise<void> | undefined;
      const discard = async () => {
        await pool.drain();
        this.#pools.delete(pool);
        code.release();
        await rm(tmpFolder, { recursive: true, force: true }).catch(() => {});
      };
      return {
        spec,
        version,
        pool,
        discard: () => {
          discarded ??= this.#track(discard());
          return discarded;
        },
      };
    } catch (error) {
      code.release();
      throw error;
    }
  }

  /** Whether a debugger waits on a port, which has room for one environment. */
  get isInspected(): boolean {
    return this.#plan.shared.inspectPort !== undefined;
  }

  /** Ends every environment and every unpacking. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#pools].map((pool) => pool.stop()));
    await Promise.all(this.#discards);
  }

  #track(discard: Promise<void>): Promise<void> {
    const discarded = discard.finally(() => this.#discards.delete(discarded));
    this.#discards.add(discarded);
    return discarded;
  }

  #unpackLayers(zips: readonly string[]): Promise<Unpacked> {
    const key = zips.join('\n');
    const unpack = async () => {
      const folder = await this.#work.make(`opt/${this.#made++}`);
      return { folder, bytes: await composeParts(zips, folder, { signal: this.#signal }) };
    };
    const known = this.#opts.get(key) ?? unpack();
    this.#opts.set(key, known);
    known.catch(() => this.#opts.delete(key));
    return known;
  }
}
