import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeZip } from '../../layers/build/zip.ts';
import { checkParts } from '../../layers/check/check-parts.ts';
import type { Finding } from '../../layers/check/finding.ts';
import { IMAGES, type Target } from '../../layers/check/image.ts';
import { needs, PROGRAMS } from '../helpers/needs.ts';
import { useLayers } from '../helpers/use-local-lambda.ts';
import { type Cleaner, useTmp } from '../helpers/use-tmp.ts';

async function findings(t: Cleaner, paths: readonly string[], target: Target): Promise<readonly Finding[]> {
  const options = { folder: useTmp(t), signal: new AbortController().signal, note: () => {} };
  return (await checkParts(paths, IMAGES[target], options)).findings;
}

const codes = (found: readonly Finding[]) => [...new Set(found.map(({ code }) => code))];

test('checkParts() refuses Deno for the older Amazon Linux', async (t) => {
  const { interpreter, runtime } = await useLayers('deno');
  const [refused] = await findings(t, [interpreter, runtime], 'al2');
  assert.deepEqual([refused?.code, refused?.file], ['newer-glibc', 'bin/deno']);
  assert.match(refused?.what ?? '', /needs GLIBC 2\.27, provided\.al2 has 2\.26/);
});

test('checkParts() takes Bun for both, and tells that its zip is near the limit of a request', async (t) => {
  const { interpreter, runtime } = await useLayers('bun');
  const found = await findings(t, [interpreter, runtime], 'al2');
  assert.deepEqual(codes(found), ['zip-near-limit']);
  assert.match(found[0]?.what ?? '', /over 99 %/);
});

test('checkParts() refuses the PHP of Debian on both', needs('php'), async (t) => {
  const { runtime } = await useLayers();
  const layer = join(useTmp(t), 'php.zip');
  await writeZip(layer, [{ path: 'bin/php', content: readFileSync(PROGRAMS.php), executable: true }]);
  for (const target of ['al2023', 'al2'] as const) {
    const found = codes(await findings(t, [layer, runtime], target));
    assert.ok(found.includes('newer-glibc') && found.includes('missing-library'), found.join());
  }
});
