import { once } from 'node:events';
import type { OverdueWorker } from '../deadline/overdue.ts';
import { describeError, type PilotlightError } from '../errors.ts';
import { bytesOf, isWhole } from '../http1/whole-body.ts';
import { errorAnswer } from '../lambda-api/error-answer.ts';
import { type Answer, EVENT_BROKE_OFF, type Invocation } from '../lambda-api/invocation.ts';
import { MAX_RESPONSE_BYTES } from '../lambda-api/names.ts';
import type { Log } from '../log.ts';
import { AnswerStream } from '../supervisor/answer-stream.ts';
import { STREAM_LINES } from '../supervisor/forward.ts';
import { brokeOff, giveUp } from '../supervisor/unanswered.ts';
import { programError } from './program-error.ts';
import type { Program } from './start-program.ts';

const JSON_LINE = 'content-type: application/json\r\n';
const BYTES_LINE = 'content-type: application/octet-stream\r\n';

/** A program and its event. */
export class ProgramRun implements OverdueWorker {
  readonly process: Program;
  /** Resolves when it is known how the program ended, or that it is given up. */
  readonly over: Promise<PilotlightError | undefined>;
  readonly #invocation: Invocation;
  readonly #log: Log;
  readonly #givenUp = Promise.withResolvers<PilotlightError>();
  /** What it wrote as its result, up to just more than Lambda takes, which tells of the excess itself. */
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  #isBroken = false;

  /**
   * @param program which has just been started
   * @param invocation whose event it gets
   * @param log where it is told how it ended
   */
  constructor(program: Program, invocation: Invocation, log: Log) {
    this.process = program;
    this.#invocation = invocation;
    this.#log = log;
    this.over = Promise.race([this.#givenUp.promise, this.#untilEnded()]);
    // What it has not read of its event must not stand before the next one.
    void this.over.then(() => giveUp(invocation));
    void this.#feed();
  }

  giveUp(reason: PilotlightError): void {
    this.#givenUp.resolve(reason);
    this.process.kill();
  }

  /** The answer, once the program has ended. */
  async answer(): Promise<Answer> {
    this.process.output.on('data', (part: Buffer) => this.#keep(part));
    return this.#judge(await this.over);
  }

  /** The answer from its first byte on. */
  async stream(): Promise<Answer> {
    const parts = this.#read();
    const first = await parts.next();
    if (first.done) return this.#judge(await this.over);
    const body = {
      [Symbol.asyncIterator]: () => this.#follow(first.value, parts),
      destroy: () => this.process.kill(),
    };
    const stream = new AnswerStream(body, {
      explain: async (error) => error as PilotlightError,
      onReplace: () => {},
      onEnd: () => {},
    });
    return { kind: 'result', lines: BYTES_LINE + STREAM_LINES, body: stream };
  }

  async *#follow(first: Buffer, parts: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
    yield first;
    yield* parts;
    const error = await this.over;
    if (error !== undefined) throw this.#tell(error);
  }

  /** What is read is gone: an error that a program writes behind a part of its result would be part of it. */
  async *#read(): AsyncGenerator<Buffer, void> {
    try {
      for await (const part of this.process.output) yield part as Buffer;
    } catch {
      // Ended on this side, after the program: whoever held it open is none of ours.
    }
  }

  #keep(part: Buffer): void {
    if (this.#bytes > MAX_RESPONSE_BYTES) return;
    this.#bytes += part.length;
    this.#parts.push(part);
  }

  async #untilEnded(): Promise<PilotlightError | undefined> {
    const end = await this.process.ended;
    const { output } = this.process;
    if (!output.closed) await once(output, 'close');
    return end.exitCode === 0 ? undefined : programError(end, Buffer.concat(this.#parts));
  }

  #judge(error: PilotlightError | undefined): Answer {
    if (this.#isBroken) return EVENT_BROKE_OFF;
    if (error !== undefined) return errorAnswer(this.#tell(error));
    return { kind: 'result', lines: JSON_LINE, body: Buffer.concat(this.#parts) };
  }

  #tell(error: PilotlightError): PilotlightError {
    this.#log.error(`${this.#invocation.requestId} ${describeError(error)}`);
    return error;
  }

  async #feed(): Promise<void> {
    const { body } = this.#invocation;
    const { input } = this.process;
    if (isWhole(body)) return void input.end(bytesOf(body));
    try {
      for await (const part of body) {
        if (input.destroyed) break;
        if (!input.write(part)) await untilFree(input);
      }
      input.end();
    } catch (error) {
      // It must not take half an event for the whole: no end of its input.
      this.#isBroken = brokeOff(this.#invocation, error as Error);
      this.process.kill();
    }
  }
}

async function untilFree(input: Program['input']): Promise<void> {
  const either = new AbortController();
  await Promise.race([once(input, 'drain', either), once(input, 'close', either)]).catch(() => {});
  either.abort();
}
