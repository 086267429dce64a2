import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type TestFunction, type TestLambda, useLocalLambda } from '../../helpers/use-local-lambda.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/hostile');

/** A bundle that does what its events say, in an environment of the local Lambda. */
export interface Hostile {
  readonly lambda: TestLambda;
  /** Has it act, and resolves with what came back: the right answers before and after are checked. */
  act(
    event: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly value: unknown; readonly failed: boolean }>;
}

/**
 * Deploys a hostile bundle before the tests of a suite, kept apart by the best that works here.
 *
 * @param name of its file in the fixtures
 * @param settings of the function
 * @returns the bundle, to be used in tests only
 */
export function useHostile(name: string, settings: TestFunction['settings'] = {}): Hostile {
  const cleaners: (() => void | Promise<void>)[] = [];
  let lambda: TestLambda | undefined;
  before(async () => {
    const files = { 'function.bundle.js': readFileSync(join(FIXTURES, name)) };
    lambda = await useLocalLambda(
      { after: (clean) => cleaners.push(clean) },
      { hostile: { files, settings } },
      { isolation: 'auto', maxEnvironments: 1 },
    );
  });
  after(async () => {
    for (const clean of cleaners.reverse()) await clean();
  });
  const running = () => lambda as TestLambda;

  async function checkAnswer(): Promise<void> {
    const event = { id: randomUUID() };
    const { value } = await running().call('hostile', event);
    assert.deepEqual(value, event);
  }

  return {
    get lambda() {
      return running();
    },
    async act(event) {
      await checkAnswer();
      const { value, failed } = await running().call('hostile', event);
      await checkAnswer();
      await checkAnswer();
      return { value, failed };
    },
  };
}
