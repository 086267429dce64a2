// Makes what the npm package holds beside its manifest, in dist/package: `npm pack` calls it. Node runs no TypeScript below
// `node_modules`, so the command line is compiled; the runtime layer is bundled here, with the packages of our lock.
import { globSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { runtimeEntries } from '../build/runtime-entries.ts';

const PROJECT = join(import.meta.dirname, '../..');
const OUT = join(PROJECT, 'dist/package');

/** What the compiled files read from beside them. */
const ASSETS = [
  'layers/interpreters/*/*{.json,.txt,LICENSE}',
  'worker/crystal/src',
  'test/bench/handlers',
  'test/bench/peers/{bash,php}',
  'test/bench/candidates/floor',
  'test/bench/page/*.{css,js}',
  'test/conformance/handlers',
];

await rm(OUT, { recursive: true, force: true });
const config = join(import.meta.dirname, 'tsconfig.json');
await execa(join(PROJECT, 'node_modules/.bin/tsc'), ['--project', config], { stdio: 'inherit' });
for (const path of globSync(ASSETS, { cwd: PROJECT })) {
  await cp(join(PROJECT, path), join(OUT, path), { recursive: true });
}
for (const { path, content, executable } of await runtimeEntries()) {
  const target = join(OUT, 'layers/package/runtime', path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { mode: executable ? 0o755 : 0o644 });
}
