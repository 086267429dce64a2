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

test('a program is the worker of its function, whoever starts it', async (t) => {
  const own = {
    ...program(`#!/bin/sh\nexec ${pinnedNode()} "\${0%/*}/worker.mjs"\n`),
    files: { 'worker.mjs': readFileSync(HOST) },
  };
  const { call } = await useLocalLambda(t, {
    overlap: own,
    node: { ...own, settings: { environment: { PILOTLIGHT_LAUNCH: 'node' } } },
  });
  for (const name of ['overlap', 'node']) {
    const ask = async (event: unknown) => (await call(name, event)).value as Answer;
    const first = await ask({ n: 1 });
    assert.deepEqual(first.event, { n: 1 });
    assert.equal(first.program, join(first.folder, 'worker.mjs'), 'it runs from where it lies');
    assert.equal((await ask({ n: 2 })).pid, first.pid, 'it lives on');

    const { errorMessage } = (await call(name, { exit: 7 })).value as { errorMessage: string };
    assert.match(errorMessage, /the worker exited with code 7/);
    assert.notEqual((await ask({ n: 3 })).pid, first.pid, 'it is replaced');
  }
});

test('a program that cannot be started is an init error with the reason', async (t) => {
  const { call } = await useLocalLambda(t, {
    text: program('export const handler = 1;'),
    lost: program('#!/absent/interpreter\n'),
  });
  const fail = async (name: string) =>
    (await call(name, {})).value as { errorType: string; errorMessage: string; trace: string[] };

  const text = await fail('text');
  assert.equal(text.errorType, 'Runtime.ImportModuleError');
  assert.match(text.errorMessage, /function\.bundle": it is no program/);

  const lost = await fail('lost');
  assert.equal(lost.errorType, 'Runtime.WorkerStartFailed');
  const told = `${lost.errorMessage} ${lost.trace.join(' ')}`;
  assert.match(told, /function\.bundle.*(?:ENOENT|not found|bad interpreter)/);
});
