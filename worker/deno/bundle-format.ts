import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importBundle as importModule, isCommonJs } from '../node/bundle-format.ts';

const PARAMETERS = 'exports, require, module, __filename, __dirname';

/** To Deno a `.js` without a `package.json` that says otherwise is an ES module, whatever is in it. */
export async function importBundle(url: string): Promise<unknown> {
  const file = fileURLToPath(url);
  if (!isCommonJs(file)) return await importModule(url);
  // Loaded for these only.
  const { runInThisContext } = process.getBuiltinModule('node:vm');
  const text = `(function (${PARAMETERS}) { ${readFileSync(file, 'utf8')}\n})`;
  const run = runInThisContext(text, { filename: file }) as (...values: readonly unknown[]) => void;
  const module = { exports: {} };
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return { default: module.exports };
}
