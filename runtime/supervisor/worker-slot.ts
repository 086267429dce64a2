import { setTimeout as delay } from 'node:timers/promises';
import { type GoLine, PROTOCOL_VERSION } from '../../worker/protocol.ts';
import type { LaunchedWorker } from '../config.ts';
import { describeError, knownError, PilotlightError } from '../errors.ts';
import { errorAnswer } from '../lambda-api/error-answer.ts';
import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import type { CreateHttpClient } from '../transport/http-client.ts';
import { adoptWorker } from './adopt.ts';
import { createToken } from './create-token.ts';
import { exitError } from './exit-error.ts';
import { createWorkerClient, type WorkerClient } from './forward.ts';
import { untilReady } from './ready.ts';
import type { WorkerCommand } from './worker-command.ts';
import type { WorkerProcess } from './worker-process.ts';

/** What a slot needs to start a worker, however often. */
export interface WorkerPlan {
  readonly name: string;
  readonly command: WorkerCommand;
  /** The first worker, where it was started beside the bootstrap. */
  readonly launched: LaunchedWorker | undefined;
  readonly functionFolder: string;
  readonly handler: string;
  readonly socketPath: (worker: number) => string;
  readonly stopGraceMs: number;
  readonly connections: number;
  /** The transport, loaded while the first worker boots. */
  readonly createClient: Promise<CreateHttpClient>;
}

interface LiveWorker {
  readonly process: WorkerProcess;
  readonly client: WorkerClient;
  retired: boolean;
}

/** A broken connection is mostly a death whose news is still on the way; past this the process lives on. */
const DEATH_NEWS_MS = 1_000;

/** Holds the one worker of an environment, and replaces it when it died or asks for it. */
export class WorkerSlot {
  readonly #plan: WorkerPlan;
  readonly #log: Log;
  #current: Promise<LiveWorker> | undefined;
  /** The worker of `#current` once it is ready. */
  #live: LiveWorker | undefined;
  #started = 0;

  constructor(plan: WorkerPlan, log: Log) {
    this.#plan = plan;
    this.#log = log;
  }

  /** Whether a worker is there to take an invocation. */
  get isReady(): boolean {
    return this.#live !== undefined;
  }

  /**
   * Resolves when a worker is there to take an invocation, starting one if need be.
   *
   * @throws {PilotlightError} as `untilReady` does
   */
  async ready(): Promise<void> {
    await this.#worker();
  }

  /**
   * Hands an invocation to the worker. Whatever becomes of the worker, the result is one answer.
   *
   * @param invocation the event
   * @param onAnswer told of the answer
   */
  forward(invocation: Invocation, onAnswer: (answer: Answer) => void): void {
    const worker = this.#live;
    if (worker === undefined) {
      void this.#forwardToNext(invocation, onAnswer);
      return;
    }
    worker.client.forward(invocation, {
      onAnswer: ({ answer, replace }) => {
        if (replace) this.#replace(worker, 'asked for it');
        onAnswer(answer);
      },
      onError: (error) => void this.#fail(worker, invocation, error).then(onAnswer),
    });
  }

  async #forwardToNext(invocation: Invocation, onAnswer: (answer: Answer) => void): Promise<void> {
    try {
      await this.#worker();
    } catch (error) {
      giveUp(invocation);
      onAnswer(errorAnswer(knownError(error)));
      return;
    }
    this.forward(invocation, onAnswer);
  }

  async #fail(worker: LiveWorker, invocation: Invocation, error: Error): Promise<Answer> {
    giveUp(invocation);
    const reason = await explain(worker.process, error);
    // The worker could not say it itself any more.
    this.#log.error(`${invocation.requestId} ${describeError(reason)}`);
    this.#replace(worker, reason.message);
    return errorAnswer(reason);
  }

  /** Ends the worker: SIGTERM, the grace period, SIGKILL. */
  async stop(): Promise<void> {
    const worker = await this.#current?.catch(() => undefined);
    if (worker === undefined) return;
    // Its end is wanted now, and no reason to replace it.
    worker.retired = true;
    worker.process.terminate();
    worker.client.close();
    await worker.process.ended;
  }

  #worker(): Promise<LiveWorker> {
    if (this.#current === undefined) {
      const starting = this.#start();
      this.#current = starting;
      // The next one to ask tries again, instead of getting this failure for ever.
      starting.catch(() => {
        this.#current = undefined;
      });
    }
    return this.#current;
  }

  async #start(): Promise<LiveWorker> {
    const plan = this.#plan;
    const socket = plan.socketPath(++this.#started);
    const token = createToken();
    const go: GoLine = {
      kind: 'go',
      protocol: PROTOCOL_VERSION,
      socket,
      token,
      folder: plan.functionFolder,
      handler: plan.handler,
    };
    const process = await this.#startProcess(go);
    try {
      const ready = await untilReady(process, plan.name);
      this.#log.debug(`worker ${process.pid} ready: ${ready.host} on ${plan.name} ${ready.interpreter}`);
    } catch (error) {
      process.kill();
      throw error;
    }
    const worker = {
      process,
      client: createWorkerClient(await plan.createClient, socket, token, plan.connections),
      retired: false,
    };
    void process.ended.then(() => this.#replace(worker, 'it ended'));
    this.#live = worker;
    return worker;
  }

  async #startProcess(go: GoLine): Promise<WorkerProcess> {
    const { launched, command, stopGraceMs } = this.#plan;
    if (launched !== undefined && this.#started === 1) {
      const process = adoptWorker(launched, go, stopGraceMs);
      if (process !== undefined) {
        this.#log.debug(`worker ${launched.pid} was started beside the bootstrap: ${command.file}`);
        return process;
      }
      this.#log.debug(`worker ${launched.pid} ended before the bootstrap began, how is not known`);
    }
    // execa takes as long to load as Node to start, and most environments never need a second worker.
    const { spawnWorker } = await import('./spawn.ts');
    const process = spawnWorker(command, go, stopGraceMs);
    this.#log.debug(`worker ${process.pid} started: ${command.file} ${command.args.join(' ')}`);
    return process;
  }

  /** Takes a worker out of use; the next invocation, or the next poll, starts another. */
  #replace(worker: LiveWorker, reason: string): void {
    if (worker.retired) return;
    worker.retired = true;
    if (this.#live === worker) {
      this.#live = undefined;
      this.#current = undefined;
    }
    this.#log.debug(`worker ${worker.process.pid} is replaced: ${reason}`);
    worker.process.kill();
    worker.client.close();
  }
}

/** What is left of an event that flows must be read over, or it would stand before every later event. */
function giveUp({ body }: Invocation): void {
  if (!Buffer.isBuffer(body)) body.destroy();
}

/** Why an invocation got no answer from the worker. */
async function explain(worker: WorkerProcess, error: unknown): Promise<PilotlightError> {
  if (error instanceof PilotlightError) return error;
  const end = await Promise.race([worker.ended, delay(DEATH_NEWS_MS, undefined, { ref: false })]);
  if (end !== undefined) return exitError(undefined, 'Cannot answer the invocation', end);
  return new PilotlightError(
    'WORKER_UNREACHABLE',
    `Cannot reach the worker: ${(error as Error).message}, though its process lives`,
    { cause: error },
  );
}
