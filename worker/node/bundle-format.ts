import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * An `import` or `export` where a statement begins. A text without any has no handler to export, so it can only be
 * CommonJS. A CommonJS text that quotes one at the start of a line is taken for a module, and fails by name.
 */
const MODULE_STATEMENT =
  /(?:^|[;}])[^\S\n]*(?:import\b(?!\s*\()|export(?:\s*[{*]|\s+(?:default|async|const|let|var|function|class)\b))/m;

/**
 * Imports a function's `.js` bundle as an ES module unless it is CommonJS, whatever lies above its folder.
 * Node alone would look for a `package.json` up to the root (a function may write one into `/tmp`), and, finding none,
 * compile the text twice.
 * @param url - `file:` URL of the bundle
 * @returns the module's namespace
 */
export async function importBundle(url: string): Promise<unknown> {
  const format = isCommonJs(fileURLToPath(url)) ? 'commonjs' : 'module';
  const hooks = registerHooks({
    load: (loaded, context, next) => next(loaded, loaded === url ? { ...context, format } : context),
  });
  try {
    return await import(url);
  } finally {
    hooks.deregister();
  }
}

/**
 * Says what a `.js` bundle is.
 * @param file - its path
 * @returns whether it is CommonJS
 * @throws the system's error when it cannot be read
 */
export function isCommonJs(file: string): boolean {
  return declaredType(dirname(file)) === 'commonjs' || !MODULE_STATEMENT.test(readFileSync(file, 'utf8'));
}

/** Only the file beside the bundle counts; one that cannot be read or parsed declares nothing. */
function declaredType(folder: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'type' in manifest
      ? manifest.type
      : undefined;
  } catch {
    return undefined;
  }
}
