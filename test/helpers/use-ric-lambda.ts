import type { TestContext } from 'node:test';
import { entriesAt } from '../../layers/build/folder-entries.ts';
import { makeRicFunction } from './make-ric-function.ts';
import { useLayers, useLocalLambda } from './use-local-lambda.ts';
import { useTmp } from './use-tmp.ts';

/**
 * Starts a local Lambda with one function, `ric`, under the official Node client; it ends with the test.
 *
 * @param t the test's context
 * @param handler `index.handler` or `index.streaming`
 */
export async function useRicLambda(t: TestContext, handler: string): ReturnType<typeof useLocalLambda> {
  const folder = useTmp(t);
  await makeRicFunction(folder);
  const entries = await entriesAt(folder, '.');
  const { interpreter } = await useLayers();
  const settings = { handler, timeoutS: 10 };
  return await useLocalLambda(t, { ric: { entries, layers: [interpreter], settings } });
}
