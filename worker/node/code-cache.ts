import { existsSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What Node calls ES modules in the keys of its cache. */
const ES_MODULE = Buffer.of(1);

/**
 * Lets Node take the code that was compiled when the function was built, if it was: it lies beside the bundle, and is
 * linked to where Node looks for it, by the path of the bundle. What was compiled from another text or by another Node
 * is not taken; nothing that goes wrong here is worth more than a slower start.
 * @param folder - the folder with the function's files
 * @param url - of the bundle
 */
export function useCodeCache(folder: string, url: string): void {
  const shipped = join(folder, 'function.cache');
  if (!existsSync(shipped)) return;
  try {
    const { enableCompileCache, getCompileCacheDir } = process.getBuiltinModule('node:module');
    enableCompileCache(join(dirname(folder), 'cache'));
    const { crc32 } = process.getBuiltinModule('node:zlib');
    const key = crc32(url, crc32(ES_MODULE)).toString(16).padStart(8, '0');
    symlinkSync(shipped, join(getCompileCacheDir() ?? '', key));
  } catch {
    // Another worker has linked it already, or the function may not write.
  }
}
