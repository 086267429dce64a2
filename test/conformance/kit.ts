import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiRequest } from './api/api-request.ts';
import type { ApiServer } from './api/api-server.ts';
import { type EventMessage, type EventSpec, makeEvent, withLength } from './api/event.ts';
import type { BootstrapProcess } from './bootstrap-process.ts';
import type { Watch } from './watch.ts';

/** Answers whose requests a case lets pass before it calls a loop a loop. */
const MAX_TRIES = 30;
/** Interpreters start slowly on a busy machine. */
const START_FACTOR = 5;

export const NEXT_PATH = '/2018-06-01/runtime/invocation/next';
export const INIT_ERROR_PATH = '/2018-06-01/runtime/init/error';
export const RESTORE_PATH = '/2018-06-01/runtime/restore/next';
export const RESTORE_ERROR_PATH = '/2018-06-01/runtime/restore/error';

/** What a case works with: the Runtime API as the bootstrap meets it, request by request. */
export class Kit {
  readonly api: ApiServer;
  readonly process: BootstrapProcess;
  readonly #watch: Watch;
  readonly #limitMs: number;
  readonly #folder: string;

  constructor(parts: {
    api: ApiServer;
    process: BootstrapProcess;
    watch: Watch;
    limitMs: number;
    folder: string;
  }) {
    this.api = parts.api;
    this.process = parts.process;
    this.#watch = parts.watch;
    this.#limitMs = parts.limitMs;
    this.#folder = parts.folder;
  }

  /** Waits for a condition; the end of the bootstrap ends the wait too. */
  until<Value>(what: string, probe: () => Value | undefined): Promise<Value> {
    const limitMs = this.#limitMs * (this.api.requests.length === 0 ? START_FACTOR : 1);
    return this.#watch.until(what, limitMs, () => {
      const value = probe();
      if (value !== undefined) return value;
      const { ended } = this.process;
      if (ended !== undefined) throw new Error(`Waited for ${what}, but the bootstrap ${ended}`);
      return undefined;
    });
  }

  /** The next request that no case has taken yet, as soon as its head came. */
  request(what = 'a request', match: (request: ApiRequest) => boolean = () => true): Promise<ApiRequest> {
    return this.until(what, () => this.#take(match));
  }

  /** The next request, which is to be a poll. */
  async poll(): Promise<ApiRequest> {
    const request = await this.request('a poll');
    assert.equal(`${request.method} ${request.path}`, `GET ${NEXT_PATH}`, 'the next call is to be a poll');
    return request;
  }

  /** The next request, whole, which is to answer the event. */
  async post(id: string): Promise<ApiRequest> {
    const request = await this.request(`an answer to ${id}`);
    assert.equal(
      request.method,
      'POST',
      `expected an answer to ${id}, got ${request.method} ${request.path}`,
    );
    assert.equal(decodeURIComponent(request.path).split('/')[4], id, 'the answer is to be for this event');
    return request.whole();
  }

  /** Waits for a poll and hands out an event. */
  async deliver(spec: EventSpec, write: (event: EventMessage) => Uint8Array = withLength): Promise<string> {
    const event = makeEvent(spec);
    (await this.poll()).send(write(event));
    return event.id;
  }

  /** Hands out an event and takes its answer, of whatever kind; `accept` it to go on. */
  async ask(spec: EventSpec, write?: (event: EventMessage) => Uint8Array): Promise<ApiRequest> {
    return this.post(await this.deliver(spec, write));
  }

  /** Hands out an event and takes its result, which is accepted. */
  async invoke(spec: EventSpec, write?: (event: EventMessage) => Uint8Array): Promise<ApiRequest> {
    const answer = await this.ask(spec, write);
    assert.ok(answer.path.endsWith('/response'), `expected a result, got ${answer.path}: ${answer.text}`);
    answer.accept();
    return answer;
  }

  /** Hands out an event and takes its function error, which is accepted. */
  async invokeError(spec: EventSpec): Promise<ApiRequest> {
    const answer = await this.ask(spec);
    assert.ok(answer.path.endsWith('/error'), `expected an error, got ${answer.path}: ${answer.text}`);
    answer.accept();
    return answer;
  }

  /** Sees that the bootstrap still serves. */
  async serves(value: unknown = 'still here'): Promise<void> {
    const answer = await this.invoke({ body: { action: 'echo', value } });
    assert.deepEqual((answer.json as { value: unknown }).value, value, 'the next event is to be answered');
  }

  /** The next request, or nothing when the bootstrap ended instead. */
  requestOrEnd(): Promise<ApiRequest | undefined> {
    return this.#watch
      .until('a request or the end of the bootstrap', this.#limitMs * START_FACTOR, () => {
        const request = this.#take(() => true);
        if (request !== undefined) return { request };
        return this.process.ended === undefined ? undefined : { request: undefined };
      })
      .then(({ request }) => request);
  }

  /** A poll follows, or the bootstrap ends: nothing else is sent. */
  async pollOrEnd(): Promise<void> {
    const request = await this.requestOrEnd();
    if (request !== undefined) assert.equal(request.path, NEXT_PATH, 'only a poll or the end may follow');
  }

  /** Answers every request with the same until the bootstrap ends; it may not go on for ever. */
  async endsAfter(answer: (request: ApiRequest) => void): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const request = await this.requestOrEnd();
      if (request === undefined) return;
      answer(request);
    }
    assert.fail(`the bootstrap asked ${MAX_TRIES} times, expected its end`);
  }

  /** Waits for the end of the bootstrap's first process. */
  ended(): Promise<string> {
    return this.#watch.until('the end of the bootstrap', this.#limitMs, () => this.process.ended);
  }

  /** A file of the case: handlers told of its path wait until `touch` makes it. */
  file(name = 'go-on'): { readonly path: string; touch(): void } {
    const path = join(this.#folder, name);
    return { path, touch: () => writeFileSync(path, '') };
  }

  #take(match: (request: ApiRequest) => boolean): ApiRequest | undefined {
    const request = this.api.requests.find((each) => !each.isTaken && !each.connection.isCut && match(each));
    if (request !== undefined) request.isTaken = true;
    return request;
  }
}
