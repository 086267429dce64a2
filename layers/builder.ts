import type { Builder } from '../runtime/emulator/builder.ts';
import { makeFunctionZip } from './build/function-zip.ts';
import { makeInterpreterLayer } from './build/interpreter-layer.ts';
import { readInterpreterSource } from './build/interpreter-source.ts';
import { makeRuntimeLayer } from './build/runtime-layer.ts';

/** What `dev` and `invoke` make their zips with. */
export const builder: Builder = {
  async buildFunction(folder, options) {
    const { functionName, path, sourceMap } = await makeFunctionZip(folder, options);
    return { name: functionName, zip: path, sourceMap };
  },

  async buildLayers({ interpreters, arch, out, signal, note }) {
    const zips: string[] = [];
    for (const name of await withBootstrap(interpreters)) {
      zips.push((await makeInterpreterLayer(name, arch, { out, signal, note })).path);
    }
    return { interpreters: zips, runtime: (await makeRuntimeLayer({ out, signal })).path };
  },
};

/** Adds Node's layer for the bootstrap where none of the interpreters can run it. */
async function withBootstrap(names: readonly string[]): Promise<readonly string[]> {
  const sources = await Promise.all(names.map(readInterpreterSource));
  return sources.some(({ bootstrap }) => bootstrap.length > 0) ? names : ['node', ...names];
}
