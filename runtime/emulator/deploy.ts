import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../cli/tool-error.ts';
import { Environment, type EnvironmentSpec } from './environment.ts';
import { describeFunction } from './function-configuration.ts';
import type { DeployedFunction } from './function-directory.ts';
import type { LocalFunction } from './local-function.ts';
import { FunctionPool, type PoolLimits } from './pool.ts';
import { composeParts } from './sandbox/compose-parts.ts';
import type { WorkFolder } from './work-folder.ts';

/** Beside which file a source map is laid. */
const SOURCE_MAP_NAME = 'function.bundle.js.map';

/** What all environments of a local Lambda have in common. */
export interface DeployPlan extends PoolLimits {
  readonly shared: Pick<
    EnvironmentSpec,
    | 'region'
    | 'credentials'
    | 'isolation'
    | 'makeMemoryMeter'
    | 'initLimitMs'
    | 'inspectPort'
    | 'freeze'
    | 'faults'
  >;
  readonly log: (line: string, functionName: string) => void;
  /** Stops the unpacking. */
  readonly signal: AbortSignal;
}

/**
 * Unpacks the parts of functions and makes a pool for each; no process is started before the first invocation.
 *
 * @param functions the functions, each with a name of its own
 * @param work folder that takes the unpacked parts; functions with the same layers share one `/opt`
 * @throws {ToolError} `USAGE` for two functions of one name
 */
export async function deployFunctions(
  functions: readonly LocalFunction[],
  work: WorkFolder,
  plan: DeployPlan,
): Promise<ReadonlyMap<string, DeployedFunction>> {
  const { signal } = plan;
  const opts = new Map<string, { folder: string; bytes: number }>();
  const deployed = new Map<string, DeployedFunction>();
  for (const [index, fn] of functions.entries()) {
    const { name } = fn.settings;
    if (deployed.has(name)) {
      throw new ToolError('USAGE', `Cannot run two functions named "${name}", expected a name for each`);
    }
    const layers = fn.layers.join('\n');
    const opt = opts.get(layers) ?? (await unpackLayers(fn, await work.make(`opt/${opts.size}`), signal));
    opts.set(layers, opt);

    const taskFolder = await work.make(`task/${index}`);
    await composeParts([fn.code], taskFolder, { otherBytes: opt.bytes, signal });
    if (fn.sourceMap !== undefined) await copyFile(fn.sourceMap, join(taskFolder, SOURCE_MAP_NAME));

    const tmpFolder = await work.make(`tmp/${index}`);
    const makeEnvironment = (count: number) =>
      new Environment({
        ...plan.shared,
        settings: fn.settings,
        optFolder: opt.folder,
        taskFolder,
        tmpFolder: join(tmpFolder, String(count)),
        log: (line) => plan.log(line, name),
      });
    deployed.set(name, {
      configuration: await describeFunction(fn, plan.shared.region),
      pool: new FunctionPool(makeEnvironment, plan),
    });
  }
  return deployed;
}

async function unpackLayers(fn: LocalFunction, folder: string, signal: AbortSignal) {
  return { folder, bytes: await composeParts(fn.layers, folder, { signal }) };
}
