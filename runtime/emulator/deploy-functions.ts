import { ToolError } from '../cli/tool-error.ts';
import type { Control } from './control/control.ts';
import { FunctionRecord } from './control/function-record.ts';
import { specOf } from './control/function-spec.ts';
import type { FunctionUrls } from './function-url/function-urls.ts';
import type { LocalFunction } from './local-function.ts';

/**
 * Makes functions out of zips as the Lambda API would, their layers included.
 *
 * @param functions each with a name of its own
 * @param control takes them
 * @throws {ToolError} `USAGE` for two functions of one name, `CANNOT` for parts that cannot be unpacked
 */
export async function deployFunctions(functions: readonly LocalFunction[], control: Control): Promise<void> {
  const { functions: directory, deployer, codes, layers } = control;
  for (const fn of functions) {
    const { name } = fn.settings;
    if (directory.has(name)) {
      throw new ToolError('USAGE', `Cannot run two functions named "${name}", expected a name for each`);
    }
    const spec = await specOf(fn, codes, layers);
    const generation = await deployer.deploy(spec, '$LATEST');
    directory.add(new FunctionRecord(spec, directory.region, deployer, generation));
    spec.code.release();
  }
}

/**
 * Gives those functions a URL that ask for one.
 *
 * @param functions in the order of their ports
 * @throws {ToolError} `CANNOT` when a port is taken
 */
export async function openUrls(functions: readonly LocalFunction[], urls: FunctionUrls): Promise<void> {
  for (const { settings } of functions) {
    const { name, url: mode } = settings;
    if (mode === 'none') continue;
    await urls.open({ name, qualifier: undefined }, { mode, authType: 'NONE', cors: undefined });
  }
}
