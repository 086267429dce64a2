import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pinnedNode } from '../helpers/clients.ts';
import { type TestFunction, useLocalLambda } from '../helpers/use-local-lambda.ts';

const HOST = join(import.meta.dirname, '../fixtures/hosts/answers-by-itself.mjs');

function program(content: string): TestFunction {
  return { entries: [{ path: 'function.bundle', content: Buffer.from(content), executable: true }] };
}

interface Answer {
  readonly pid: number;
  readonly program: string;
  readonly folder: string;
  readonly event: unknown;
}

for (const launch of ['overlap', 'node']) {
  test(`a program is the worker of its function with PILOTLIGHT_LAUNCH=${launch}`, async (t) => {
    const own = {
      ...program(`#!/bin/sh\nexec ${pinnedNode()} "\${0%/*}/worker.mjs"\n`),
      files: { 'worker.mjs': readFileSync(HOST) },
      settings: { environment: { PILOTLIGHT_LAUNCH: launch } },
    };
    const { call } = await useLocalLambda(t, { own });
    const ask = async (event: unknown) => (await call('own', event)).value as Answer;

    const first = await ask({ n: 1 });
    assert.deepEqual(first.event, { n: 1 });
    assert.equal(first.program, join(first.folder, 'worker.mjs'), 'it runs from where it lies');
    assert.equal((await ask({ n: 2 })).pid, first.pid, 'it lives on');

    const { errorMessage } = (await call('own', { exit: 7 })).value as { errorMessage: string };
    assert.match(errorMessage, /the worker exited with code 7/);
    assert.notEqual((await ask({ n: 3 })).pid, first.pid, 'it is replaced');
  });
}

test('a bundle that is no program is an init error', async (t) => {
  const { call } = await useLocalLambda(t, { text: program('export const handler = 1;') });
  const { errorType, errorMessage } = (await call('text', {})).value as Record<string, string>;
  assert.equal(errorType, 'Runtime.ImportModuleError');
  assert.match(errorMessage ?? '', /function\.bundle": it is no program/);
});

test('a program whose interpreter is missing is an init error with what the system said', async (t) => {
  const { call } = await useLocalLambda(t, { lost: program('#!/absent/interpreter\n') });
  const { errorType, errorMessage, trace } = (await call('lost', {})).value as {
    errorType: string;
    errorMessage: string;
    trace: string[];
  };
  assert.equal(errorType, 'Runtime.WorkerStartFailed');
  assert.match(
    `${errorMessage} ${trace.join(' ')}`,
    /function\.bundle.*(?:ENOENT|not found|bad interpreter)/,
  );
});
