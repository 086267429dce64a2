import { join } from 'node:path';
import { writeZip, type ZipEntry } from '../../layers/build/zip.ts';
import { type FunctionSettings, readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import {
  type InvokeOptions,
  type InvokeResult,
  type LocalLambda,
  type LocalLambdaOptions,
  startLocalLambda,
} from '../../runtime/emulator/local-lambda.ts';
import { linkedInterpreter, useLayers } from './built-layers.ts';
import { type Cleaner, useTmp } from './use-tmp.ts';

export { useLayers };

/** A function as a test describes it: its files as they go into the zip, a folder to build, or a zip. */
export interface TestFunction {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly entries?: readonly ZipEntry[];
  readonly folder?: string;
  readonly zip?: string;
  readonly settings?: Partial<FunctionSettings>;
  /** Layers instead of the interpreter and runtime layers. */
  readonly layers?: readonly string[];
}

/** A local Lambda with its log and a shorter way to invoke. */
export interface TestLambda extends LocalLambda {
  readonly lines: readonly string[];
  /** Invokes and reads the answer as JSON. */
  call(name: string, event: unknown, options?: InvokeOptions): Promise<InvokeResult & { value: unknown }>;
}

/**
 * Starts a local Lambda from the built zips; it ends with the test.
 *
 * @param t the test's context
 * @param functions by name
 * @param options of the local Lambda; environments are kept apart by paths unless said
 */
export async function useLocalLambda(
  t: Cleaner,
  functions: Readonly<Record<string, TestFunction>>,
  options: Partial<LocalLambdaOptions> = {},
): Promise<TestLambda> {
  const lines: string[] = [];
  const out = useTmp(t);
  const { isolation = 'paths' } = options;
  const { interpreter, runtime } = await useLayers();
  // Other forms of isolation hide what a link leads to.
  const layers = [isolation === 'paths' ? await linkedInterpreter() : interpreter, runtime];
  const deployed = await Promise.all(
    Object.entries(functions).map(async ([name, fn]) => ({
      settings: await readFunctionSettings(fn.folder ?? out, { name, ...fn.settings }),
      layers: fn.layers ?? layers,
      ...(await zipFunction(out, name, fn)),
    })),
  );
  const lambda = await startLocalLambda({
    functions: deployed,
    log: (line) => lines.push(line),
    ...options,
    isolation,
  });
  t.after(() => lambda.stop());
  return {
    ...lambda,
    lines,
    async call(name, event, invokeOptions) {
      const result = await lambda.invoke(name, JSON.stringify(event), invokeOptions);
      return { ...result, value: JSON.parse(Buffer.from(result.payload).toString('utf8')) as unknown };
    },
  };
}

async function zipFunction(out: string, name: string, fn: TestFunction) {
  if (fn.zip !== undefined) return { code: fn.zip };
  if (fn.folder !== undefined) {
    const { builder } = await import('../../layers/builder.ts');
    const built = await builder.buildFunction(fn.folder, {
      out: join(out, name),
      signal: new AbortController().signal,
    });
    return { code: built.zip, sourceMap: built.sourceMap };
  }
  const code = join(out, `function-${name}.zip`);
  const entries: ZipEntry[] = Object.entries(fn.files ?? {}).map(([path, content]) => ({
    path,
    content: Buffer.from(content),
    executable: false,
  }));
  await writeZip(code, [...entries, ...(fn.entries ?? [])]);
  return { code };
}
