import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { createDev } from '../../../../runtime/emulator/cli.ts';
import { makeCodeZip } from '../../../helpers/code-zip.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { runVerb, useBuilder } from '../use-verb.ts';

const HERE = ['--port', '0', '--isolation', 'paths', '--verbose'];
const BROKEN = '#!/bin/sh\nexit 1\n';

test('dev prints a line on each change of a zip: swapped with its parts, or refused with the reason', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createDev(builder), zip, ...HERE);
  // The look that it begins with.
  await run.printed('unchanged  acts');
  assert.ok(run.stderr().includes(`watching   ${zip}\n`));
  const aside = useTmp(t);
  await rename((await makeCodeZip(aside, 'two')).path, zip);
  await run.printed('swapped');
  await run.printed('start');
  assert.match(
    run.stderr(),
    /^swapped {4}acts [0-9a-f]{8} in \d+ ms: settle \d+, bundle \d+, unpack \d+, start \d+$/m,
  );
  const bootstrap = { path: 'bootstrap', content: Buffer.from(BROKEN), executable: true };
  await rename((await makeCodeZip(aside, 'three', [bootstrap])).path, zip);
  await run.printed('what was there serves on');
  assert.match(run.stderr(), /^refused {4}acts [0-9a-f]{8}: Runtime\.ExitError: /m);
  run.interrupt();
  assert.equal(await run.exitCode, 0);
});

test('dev --no-watch does not watch', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createDev(builder), zip, '--no-watch', ...HERE);
  await run.printed('Python');
  run.interrupt();
  assert.equal(await run.exitCode, 0);
  assert.doesNotMatch(run.stderr(), /^(?:watching|unchanged)/m);
});
