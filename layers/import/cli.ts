import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { toJson } from '../../runtime/cli/to-json.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Verb } from '../../runtime/cli/verb.ts';
import { textOf } from '../deploy/target-options.ts';
import { type ImportedFunction, importServerless } from './import-serverless.ts';

/** `pilotlight import FILE`: functions of a `serverless.yml`, as folders with `pilotlight.json`. */
export const importFile: Verb = {
  usage: 'serverless.yml [options]',
  options: {
    out: { type: 'string', value: 'DIR', describe: 'where the folders are', fallback: "the file's folder" },
  },
  minPositionals: 1,
  maxPositionals: 1,
  examples: ['pilotlight import serverless.yml', 'pilotlight import old/serverless.yml --out functions'],
  async run(call) {
    const { positionals, output } = call;
    const [file = ''] = positionals;
    const { functions, differences } = importServerless(await read(file));
    const out = textOf(call, 'out') ?? dirname(file);
    const files = functions.map((fn) => {
      // One function is the folder itself, as its sources lie there.
      const folder = functions.length === 1 ? out : join(out, fn.key);
      return { path: join(folder, 'pilotlight.json'), settings: fromFolder(fn, dirname(file), folder) };
    });
    const there = files.find(({ path }) => existsSync(path));
    if (there !== undefined) {
      throw new ToolError('CANNOT', `Cannot write "${there.path}": it is there already`, {
        next: 'remove it, or name another folder with --out',
      });
    }
    for (const { path, settings } of files) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, toJson(settings));
    }
    for (const { path, why } of differences) output.always(`not taken over  ${path}: ${why}`);
    if (functions.length > 1) output.note('the sources of each function belong into its folder');
    output.result(
      output.json ? toJson({ files, differences }) : files.map(({ path }) => `${path}\n`).join(''),
    );
    return 0;
  },
};

/** Paths are relative to the file there, and to the function's folder here. */
function fromFolder({ settings }: ImportedFunction, from: string, folder: string): object {
  if (!Array.isArray(settings.layers)) return settings;
  const layers = settings.layers.map((layer: string) =>
    layer.startsWith('arn:') || isAbsolute(layer) ? layer : relative(folder, join(from, layer)),
  );
  return { ...settings, layers };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ToolError('CANNOT', `Cannot read "${file}": ${(error as Error).message}`, { cause: error });
  }
}
