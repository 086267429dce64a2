import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Builder } from '../../../../runtime/emulator/builder.ts';
import { createDev } from '../../../../runtime/emulator/cli.ts';
import { runVerb, useBuilder } from '../use-verb.ts';

test('dev in the folder of a function that is taken as it is does not take layers that it builds for a change', async (t) => {
  const { builder, folder } = await useBuilder(t);
  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(folder);
  mkdirSync('dist');
  const built: (readonly string[])[] = [];
  const building: Builder = {
    ...builder,
    async buildLayers(options) {
      built.push(options.interpreters);
      const watcher = watch(options.out);
      // A build that is taken back by its own file would write it once more, without end.
      if (built.length <= 2) {
        const seen = once(watcher, 'change');
        writeFileSync(join(options.out, `interpreter-${options.interpreters}-x86_64.zip`), '');
        await seen;
      }
      watcher.close();
      return builder.buildLayers(options);
    },
  };
  const run = runVerb(createDev(building), '.', '--port', '0', '--isolation', 'paths', '--verbose');
  // It looks twice, since it watches a folder more from then on.
  while (run.stderr().split('unchanged').length <= 2) await run.printedMore();
  writeFileSync('pilotlight.json', '{"interpreter":"other"}');
  await run.printed('swapped');
  run.interrupt();
  assert.equal(await run.exitCode, 0);
  assert.deepEqual(built, [['node'], ['other']]);
});
