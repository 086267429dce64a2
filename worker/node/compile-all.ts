import { statSync } from 'node:fs';
import type * as V8 from 'node:v8';

/** More would take the next boot longer than it takes an event to wait for the few functions that it calls. */
const MAX_BYTES = 100_000;

/**
 * Loads a module with all of its functions compiled, which V8 else does at the first call of each: 0.2 ms for a handler of
 * six lines. The flag is put back, since code that was compiled with other flags is compiled again.
 * @param file - path of the module
 * @param load - loads it
 * @returns what `load` gives
 */
export async function compileAll<Module>(file: string, load: () => Promise<Module>): Promise<Module> {
  if (statSync(file).size > MAX_BYTES) return await load();
  const { setFlagsFromString }: typeof V8 = process.getBuiltinModule('node:v8');
  setFlagsFromString('--no-lazy');
  try {
    return await load();
  } finally {
    setFlagsFromString('--lazy');
  }
}
