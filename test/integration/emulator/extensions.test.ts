import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeZip } from '../../../layers/build/zip.ts';
import { useLayers, useLocalLambda } from '../../helpers/use-local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { toldEvents } from '../../unit/emulator/extensions/use-extension.ts';
import { RUNGS } from '../../unit/emulator/sandbox/use-sandbox.ts';

const PROGRAM = new URL('../../fixtures/extensions/extension.mjs', import.meta.url);
const START = `#!/bin/sh\nopt="\${0%/*}/.."\nexec "$opt/bin/node" "$opt/extension.mjs" watch\n`;
const HANDLER = 'export const handler = async (event) => event;';
/** Quick, since Lambda gives 150 ms. */
const HOOKS = `process.on('SIGTERM', () => console.log('listener'));
pilotlight.onShutdown(async () => { console.log('hook begins'); await new Promise(setImmediate); console.log('hook ends'); });
${HANDLER}`;

/** The extension's layer. */
async function makeExtension(t: TestContext): Promise<string> {
  const layer = join(useTmp(t), 'extension.zip');
  await writeZip(layer, [
    { path: 'extensions/watch', content: Buffer.from(START), executable: true },
    { path: 'extension.mjs', content: await readFile(PROGRAM), executable: false },
  ]);
  return layer;
}

async function useFunction(
  t: TestContext,
  code: string,
  isolation: 'paths' | 'userns' | 'bwrap',
  layer?: string,
) {
  const { interpreter, runtime } = await useLayers();
  const layers = [interpreter, runtime, ...(layer === undefined ? [] : [layer])];
  const fn = { files: { 'function.bundle.js': code }, layers, settings: { timeoutS: 20 } };
  return await useLocalLambda(t, { fn }, { isolation });
}

/** Names in the lines of extensions that were ready. */
const readyNames = (lines: readonly string[]) =>
  lines.flatMap((line) => /^EXTENSION\tName: ([^\t]+)\tState: Ready/.exec(line)?.[1] ?? []);
const messages = (lines: readonly string[]) => lines.map((line) => line.replace(/^.*\tINFO\t/, ''));

for (const { isolation, options } of RUNGS) {
  test(
    `hooks of a function run to their end before its environment ends (${isolation})`,
    options,
    async (t) => {
      const lambda = await useFunction(t, HOOKS, isolation);
      assert.deepEqual((await lambda.call('fn', { a: 1 })).value, { a: 1 });
      assert.equal(readyNames(lambda.lines).length, 1);
      await lambda.stop();
      assert.deepEqual(messages(lambda.lines).slice(-3), ['listener', 'hook begins', 'hook ends']);
    },
  );

  test(
    `an extension runs beside the runtime, and is told of the end after the hooks of the function (${isolation})`,
    options,
    async (t) => {
      const lambda = await useFunction(t, HOOKS, isolation, await makeExtension(t));
      const { requestId, value } = await lambda.call('fn', { a: 1 });
      assert.deepEqual(value, { a: 1 });
      assert.equal(readyNames(lambda.lines).length, 2);
      await lambda.stop();
      const told = toldEvents(lambda.lines).map((event) => event.requestId ?? event.shutdownReason);
      assert.deepEqual(told, [requestId, 'spindown']);
      const logged = messages(lambda.lines);
      const end = logged.findIndex((line) => line.includes('"SHUTDOWN"'));
      assert.deepEqual(logged.slice(end - 3, end), ['listener', 'hook begins', 'hook ends']);
    },
  );
}

test('a hook that never ends is cut off, and the environment ends all the same', async (t) => {
  const code = `pilotlight.onShutdown(() => { console.log('hook begins'); return new Promise(() => setInterval(() => {}, 1000)); });
    ${HANDLER}`;
  const lambda = await useFunction(t, code, 'paths', await makeExtension(t));
  await lambda.call('fn', {});
  await lambda.stop();
  assert.ok(messages(lambda.lines).includes('hook begins'));
  assert.equal(toldEvents(lambda.lines).at(-1)?.shutdownReason, 'spindown');
});

test('a function without a hook registers nothing', async (t) => {
  const lambda = await useFunction(t, HANDLER, 'paths');
  await lambda.call('fn', {});
  assert.deepEqual(readyNames(lambda.lines), []);
});
