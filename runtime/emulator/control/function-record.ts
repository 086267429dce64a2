import { randomUUID } from 'node:crypto';
import { AliasMetrics } from '../cloudwatch/alias-metrics.ts';
import type { Deployer } from '../deploy.ts';
import type { Invocation, Run } from '../invocation.ts';
import { functionArn } from '../local-function.ts';
import { type Alias, chooseVersion } from './alias.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { Generation } from './generation.ts';
import { notCallable, throttled, updateInProgress } from './refusals.ts';
import { monotonicMs, type Replacement } from './replacement.ts';
import { InitFailedError, problemOf, type Status } from './status.ts';

/** A state of a function as the API tells of it. */
export interface Described {
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly spec: FunctionSpec;
  readonly status: Status;
  readonly revisionId: string;
  readonly modifiedMs: number;
}

interface Published extends Described {
  readonly generation: Generation;
  /** What `$LATEST` was made from when this was published. */
  readonly source: FunctionSpec;
}

/** One function: what `$LATEST` is, what was published of it, and where invocations go. */
export class FunctionRecord {
  readonly name: string;
  readonly region: string;
  readonly aliases = new Map<string, Alias>();
  readonly metrics = new AliasMetrics();
  readonly tags = new Map<string, string>();
  /** Statements of its policies by qualifier, `$LATEST` for the function itself, and by id. */
  readonly policies = new Map<string, Map<string, object>>();
  /** Most invocations at a time; any number unless set. */
  reserved: number | undefined;
  readonly #deployer: Deployer;
  readonly #published = new Map<string, Published>();
  #latest: Described;
  /** What serves `$LATEST`; undefined until the function is there. */
  #serving: Generation | undefined;
  #settled: Promise<void> = Promise.resolve();
  #publishedCount = 0;
  #running = 0;

  /**
   * @param spec what the function is made from
   * @param serving what serves it; when that is still to come, `replace()` has to follow
   */
  constructor(spec: FunctionSpec, region: string, deployer: Deployer, serving?: Generation) {
    this.name = spec.settings.name;
    this.region = region;
    this.reserve(spec.settings.concurrency);
    this.#deployer = deployer;
    this.#serving = serving;
    this.#latest = describe('$LATEST', spec, { kind: 'settled' });
    spec.code.retain();
  }

  /** Limits how often it runs at a time as settings say it: 0 is no limit. */
  reserve(concurrency: number): void {
    this.reserved = concurrency > 0 ? concurrency : undefined;
  }

  get latest(): Described {
    return this.#latest;
  }

  /** Settles when no update is under way. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  arn(qualifier?: string): string {
    return functionArn(this.region, this.name, qualifier);
  }

  /** The published versions, the oldest first. */
  published(): readonly Described[] {
    return [...this.#published.values()];
  }

  /**
   * Finds a version by its number, `$LATEST`, or an alias, whose main version counts.
   *
   * @returns undefined when there is none
   */
  describe(qualifier = '$LATEST'): Described | undefined {
    if (qualifier === '$LATEST') return this.#latest;
    return this.#published.get(qualifier) ?? this.#describeAlias(qualifier);
  }

  /**
   * Runs an invocation in the version that is current in this moment.
   *
   * @param draw from 0 up to 1, for aliases of two versions
   * @throws {ServiceError} `ResourceConflictException` for a function that is not there yet, `TooManyRequestsException`
   */
  run(qualifier: string, invocation: Invocation, draw: number): Run & { version: string } {
    const generation = this.#generation(qualifier, draw);
    if (generation === undefined) throw notCallable(this.#latest.status);
    if (this.reserved !== undefined && this.#running >= this.reserved) throw throttled();
    this.#running += 1;
    const run = generation.pool.run(invocation);
    const leave = () => {
      this.#running -= 1;
    };
    run.answered.then(leave, leave);
    if (qualifier !== generation.version) this.metrics.follow(qualifier, generation.version, run.answered);
    return { ...run, version: generation.version };
  }

  /**
   * Fails while an update is under way: there is one at a time.
   *
   * @throws {ServiceError} `ResourceConflictException`
   */
  requireSettled(): void {
    const { kind } = this.#latest.status;
    if (kind === 'creating' || kind === 'updating') throw updateInProgress(this.arn());
  }

  /**
   * Begins to make `$LATEST` what a specification says. What is there serves on until as many environments of the new
   * one have initialised, and for good when they cannot.
   *
   * @param withdrawal takes the update back when it is aborted before the end
   * @returns how it ended; never rejects
   * @throws {ServiceError} `ResourceConflictException`
   */
  replace(spec: FunctionSpec, withdrawal?: AbortSignal): Promise<Replacement> {
    this.requireSettled();
    const before = this.#latest;
    const old = this.#serving;
    const beganMs = monotonicMs();
    this.#latest = describe('$LATEST', spec, { kind: old === undefined ? 'creating' : 'updating' });
    spec.code.retain();
    const replaced = this.#bringUp(spec, old, withdrawal).then(
      ({ generation, unpackedMs }): Replacement => {
        this.#serving = generation;
        this.#settle(spec, { kind: 'settled' });
        void old?.discard();
        before.spec.code.release();
        return { kind: 'swapped', beganMs, unpackedMs, flippedMs: monotonicMs() };
      },
      (error: unknown): Replacement => {
        const [kept, dropped] = old === undefined ? [spec, before.spec] : [before.spec, spec];
        dropped.code.release();
        if (old !== undefined && withdrawal?.aborted === true) {
          this.#settle(kept, before.status);
          return { kind: 'withdrawn' };
        }
        const problem = problemOf(error);
        this.#settle(kept, { kind: old === undefined ? 'failed' : 'refused', problem });
        return { kind: 'refused', problem };
      },
    );
    this.#settled = replaced.then(() => {});
    return replaced;
  }

  /**
   * Makes a version of what `$LATEST` is, unless the last version is just that.
   *
   * @param description in place of the one that `$LATEST` has
   * @throws {ServiceError} `ResourceConflictException`
   */
  async publish(description: string | undefined): Promise<Described> {
    this.requireSettled();
    if (this.#serving === undefined) throw notCallable(this.#latest.status);
    const source = this.#latest.spec;
    const last = this.#published.get(String(this.#publishedCount));
    if (last?.source === source) return last;
    this.#publishedCount += 1;
    const version = String(this.#publishedCount);
    const spec = description === undefined ? source : { ...source, description };
    const generation = await this.#deployer.deploy(spec, version);
    const published = { ...describe(version, spec, { kind: 'settled' }), generation, source };
    this.#published.set(version, published);
    return published;
  }

  /** Forgets a version, once what runs in it has come to its end. */
  unpublish(version: string): void {
    const { generation } = this.#published.get(version) ?? {};
    this.#published.delete(version);
    void generation?.discard();
  }

  /** Ends the function, once what runs has come to its end. */
  async remove(): Promise<void> {
    await this.#settled;
    for (const version of this.#published.keys()) this.unpublish(version);
    void this.#serving?.discard();
    this.#latest.spec.code.release();
  }

  async #bringUp(
    spec: FunctionSpec,
    old: Generation | undefined,
    withdrawal: AbortSignal | undefined,
  ): Promise<{ generation: Generation; unpackedMs: number }> {
    const generation = await this.#deployer.deploy(spec, '$LATEST');
    const unpackedMs = monotonicMs();
    if (old === undefined) return { generation, unpackedMs };
    // The debugger's port has to be free before the new worker takes it.
    if (this.#deployer.isInspected) {
      await old.discard();
      return { generation, unpackedMs };
    }
    const { pool } = generation;
    const withdraw = () => void pool.stop();
    withdrawal?.addEventListener('abort', withdraw);
    try {
      withdrawal?.throwIfAborted();
      // One alone shows whether the code is of use, and says so once if not.
      const failure = await pool.warm();
      if (failure !== undefined) throw new InitFailedError(failure);
      // Nobody who comes after the turn should wait for a start. What fails now is started again when it is needed.
      await Promise.allSettled(Array.from({ length: old.pool.inUse - 1 }, () => pool.warm()));
      withdrawal?.throwIfAborted();
    } catch (error) {
      await pool.stop();
      void generation.discard();
      throw error;
    } finally {
      withdrawal?.removeEventListener('abort', withdraw);
    }
    return { generation, unpackedMs };
  }

  #settle(spec: FunctionSpec, status: Status): void {
    this.#latest = describe('$LATEST', spec, status);
  }

  #generation(qualifier: string, draw: number): Generation | undefined {
    const alias = this.aliases.get(qualifier);
    const version = alias === undefined ? qualifier : chooseVersion(alias, draw);
    return version === '$LATEST' ? this.#serving : this.#published.get(version)?.generation;
  }

  #describeAlias(name: string): Described | undefined {
    const alias = this.aliases.get(name);
    return alias === undefined ? undefined : this.describe(alias.version);
  }
}

function describe(version: string, spec: FunctionSpec, status: Status): Described {
  return { version, spec, status, revisionId: randomUUID(), modifiedMs: Date.now() };
}
