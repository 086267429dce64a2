import type { Builder } from '../runtime/emulator/builder.ts';
import { makeFunctionZip } from './build/function-zip.ts';
import { makeInterpreterLayer } from './build/interpreter-layer.ts';
import { makeRuntimeLayer } from './build/runtime-layer.ts';
import { withBootstrap } from './build/with-bootstrap.ts';

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
