import { HostError } from '../errors.ts';
import type { Hook } from './hooks.ts';

const SIGNAL = 'SIGTERM';
const SIGNAL_NUMBER = 15;

/** The end of a function: its listeners for SIGTERM and its hooks are called once, however the end is told. */
export class Shutdown {
  readonly #hooks: readonly Hook[];
  readonly #onError: (error: unknown) => void;
  readonly #onSignal = (): void => {
    this.#cameAsSignal = true;
  };
  #cameAsSignal = false;
  #onEmptyLoop: () => void = () => {};

  /**
   * @param hooks - those registered for the end
   * @param onError - told what a listener or a hook threw
   */
  constructor(hooks: readonly Hook[], onError: (error: unknown) => void) {
    this.#hooks = hooks;
    this.#onError = onError;
  }

  /**
   * To be called once the function is loaded.
   * @returns whether the function has something to run before its end. A signal that reaches this process too then no
   *   longer ends it: the running invocation and the hooks come first.
   */
  watch(): boolean {
    const hasHook = this.#hooks.length > 0 || process.listenerCount(SIGNAL) > 0;
    if (hasHook) process.on(SIGNAL, this.#onSignal);
    return hasHook;
  }

  /**
   * Calls what the function registered, all at once, because the time is short: the listeners as if the signal came,
   * then the hooks, the last registered first. It waits for the promises they return. Of a listener that returns none
   * only an empty event loop tells that it is through.
   */
  async run(): Promise<void> {
    const emptyLoop = Promise.withResolvers<void>();
    this.#onEmptyLoop = emptyLoop.resolve;
    const listeners = this.#callListeners();
    const hooks = this.#hooks.toReversed().map((hook) => this.#attempt(hook));
    let isSettled = false;
    const settled = Promise.all([...listeners, ...hooks]).then(() => {
      isSettled = true;
    });
    const isUntold = this.#cameAsSignal || listeners.includes(undefined);
    await (isUntold ? emptyLoop.promise : Promise.race([settled, emptyLoop.promise]));
    if (!isSettled) this.#onError(neverSettles());
  }

  /** To be called when nothing keeps the process alive. */
  endByEmptyLoop(): void {
    this.#onEmptyLoop();
  }

  #callListeners(): (Promise<unknown> | undefined)[] {
    if (this.#cameAsSignal) return [];
    const all = process.rawListeners(SIGNAL).filter((listener) => listener !== this.#onSignal);
    const called = all.map((listener) =>
      this.#attempt(() => Reflect.apply(listener, process, [SIGNAL, SIGNAL_NUMBER])),
    );
    // A signal that is on its way too would call them again.
    for (const listener of all) process.off(SIGNAL, listener as NodeJS.SignalsListener);
    return called;
  }

  #attempt(hook: Hook): Promise<unknown> | undefined {
    try {
      const returned = hook();
      return isThenable(returned) ? Promise.resolve(returned).catch(this.#onError) : undefined;
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function neverSettles(): HostError {
  return new HostError(
    'Runtime.NodeJsExit',
    'Cannot wait for a shutdown hook: its promise is pending and nothing is left in the event loop that could settle it',
  );
}
