import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { entriesAt } from '../../layers/build/folder-entries.ts';
import { peerSubjects } from '../conformance/subjects/peers.ts';
import { useLocalLambda } from './use-local-lambda.ts';
import { useTmp } from './use-tmp.ts';

/**
 * Starts a local Lambda with one function, `fn`: the conformance kit's handler under an official client, which is its
 * own bootstrap and needs no layer. It ends with the test.
 *
 * @param t the test's context
 * @param client what the kit calls the client
 * @param handler `function.handler` or `function.stream`
 */
export async function useKitClient(
  t: TestContext,
  client: string,
  handler: string,
): ReturnType<typeof useLocalLambda> {
  const subject = peerSubjects().find(({ name }) => name === client);
  assert.ok(subject !== undefined, client);
  const folder = useTmp(t);
  const { file, args } = await subject.prepare(folder);
  const bootstrap = {
    path: 'bootstrap',
    content: Buffer.from(`#!/bin/sh\nexec ${[file, ...args].map(quoted).join(' ')}\n`),
    executable: true,
  };
  const entries = [...(await entriesAt(folder, '.')), bootstrap];
  return await useLocalLambda(t, { fn: { entries, layers: [], settings: { handler, timeoutS: 20 } } });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
