import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeZip } from '../../../layers/build/zip.ts';
import { useLayers, useLocalLambda } from '../../helpers/use-local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { toldEvents } from '../../unit/emulator/extensions/use-extension.ts';
import { RUNGS } from '../../unit/emulator/sandbox/use-sandbox.ts';

const PROGRAM = new URL('../../fixtures/extensions/extension.mjs', import.meta.url);
const START = `#!/bin/sh\nopt="\${0%/*}/.."\nexec "$opt/bin/node" "$opt/extension.mjs" watch\n`;
const BUNDLE = `
process.on('SIGTERM', () => {});
export const handler = async (event) => event;
`;

for (const { isolation, options } of RUNGS) {
  test(
    `an extension runs beside the runtime under ${isolation}, and outlives it to be told of the end`,
    options,
    async (t) => {
      const layer = join(useTmp(t), 'extension.zip');
      await writeZip(layer, [
        { path: 'extensions/watch', content: Buffer.from(START), executable: true },
        { path: 'extension.mjs', content: await readFile(PROGRAM), executable: false },
      ]);
      const { interpreter, runtime } = await useLayers();
      const settings = { timeoutS: 10 };
      const fn = { files: { 'function.bundle.js': BUNDLE }, layers: [interpreter, runtime, layer], settings };
      const lambda = await useLocalLambda(t, { echo: fn }, { isolation });
      const { requestId, value } = await lambda.call('echo', { a: 1 });
      await lambda.stop();
      assert.deepEqual(value, { a: 1 });
      const told = toldEvents(lambda.lines);
      assert.deepEqual(
        told.map((event) => event.requestId ?? event.shutdownReason),
        [requestId, 'spindown'],
      );
    },
  );
}
