import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type OutputChunk, type OutputOptions, type Plugin, type RolldownLog, rolldown } from 'rolldown';
import { ToolError } from '../../runtime/cli/tool-error.ts';

const NATIVE_ADDON = /\.node$/;
const IN_PACKAGE = /[\\/]node_modules[\\/]/;

/** What differs between the bundles of the runtime layer and those of functions. */
export interface BundleRequest {
  /** The file that everything hangs on. */
  readonly entry: string;
  /** Paths in comments, errors and source maps are relative to it, so that no machine's paths get in. */
  readonly folder: string;
  /** Absolute paths of folders: the first that has a file takes it for the one of the same path beside the entry. */
  readonly over?: readonly string[] | undefined;
  /** Packages that stay imports. */
  readonly external: readonly string[];
  readonly output: OutputOptions;
  /** Told what may matter and does not fail the build. */
  readonly note?: ((line: string) => void) | undefined;
  /** Told which files were read, and in vain looked for, whether or not they could be bundled. */
  readonly read?: ((files: readonly string[]) => void) | undefined;
}

/**
 * Bundles JavaScript or TypeScript for Node into ES modules, in memory.
 *
 * @param request entry, folder, externals and rolldown's output options
 * @returns the chunks, the entry first
 * @throws {ToolError} `BUILD_FAILED` with file, line and column of each error; an import that does not resolve is one,
 * except in packages, where it mostly is a driver or plugin that nobody needs
 */
export async function bundle(request: BundleRequest): Promise<[OutputChunk, ...OutputChunk[]]> {
  const { entry, folder, external } = request;
  const problems: RolldownLog[] = [];
  const missing: RolldownLog[] = [];
  const build = await rolldown({
    input: entry,
    cwd: folder,
    plugins: request.over === undefined ? [] : [replaceFiles(dirname(entry), request.over)],
    platform: 'node',
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    // CommonJS sources know them, ES modules do not.
    transform: { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
    // TypeScript's own imports say `.js` where the file is `.ts`.
    resolve: {
      extensionAlias: { '.js': ['.js', '.ts'], '.mjs': ['.mjs', '.mts'], '.cjs': ['.cjs', '.cts'] },
    },
    onLog: (_level, log) => {
      if (log.code !== 'UNRESOLVED_IMPORT') return;
      missing.push(log);
      if (IN_PACKAGE.test(log.id ?? '')) request.note?.(`left as an import: ${describe(log, folder)}`);
      else problems.push(log);
    },
  });
  try {
    const { output } = await build.generate({ format: 'es', dir: folder, ...request.output });
    if (problems.length > 0) throw buildFailed(problems, folder);
    return output.filter((item) => item.type === 'chunk') as [OutputChunk, ...OutputChunk[]];
  } catch (error) {
    if (error instanceof ToolError) throw error;
    const { errors } = error as { errors?: RolldownLog[] };
    missing.push(...(errors ?? []));
    throw buildFailed(errors ?? [error as RolldownLog], folder, error);
  } finally {
    request.read?.([...(await build.watchFiles), ...missing.flatMap((log) => lookedFor(log, folder))]);
    await build.close();
  }
}

/** Where a file would be that an import names; installers write into `node_modules` itself when they are done. */
function lookedFor({ code, id, exporter = '' }: RolldownLog, folder: string): string[] {
  if (code !== 'UNRESOLVED_IMPORT' || id === undefined) return [];
  if (exporter.startsWith('.')) return [resolve(dirname(id), exporter)];
  return [join(folder, 'node_modules', exporter)];
}

/** A file can import the one it replaces, and others do not notice. */
function replaceFiles(from: string, over: readonly string[]): Plugin {
  return {
    name: 'replace-files',
    async resolveId(source, importer) {
      const found = await this.resolve(source, importer, { skipSelf: true });
      if (found === null || !found.id.startsWith(`${from}/`)) return found;
      const ids = over.map((folder) => join(folder, relative(from, found.id)));
      return ids.find((id) => id !== importer && existsSync(id)) ?? found;
    },
  };
}

function buildFailed(logs: readonly RolldownLog[], folder: string, cause?: unknown): ToolError {
  const unresolved = logs.some(({ code }) => code === 'UNRESOLVED_IMPORT');
  const addon = logs.some(({ id }) => NATIVE_ADDON.test(id ?? ''));
  return new ToolError(
    'BUILD_FAILED',
    `Cannot bundle: ${logs.map((log) => describe(log, folder)).join('; ')}`,
    {
      cause,
      ...(addon && { next: 'name the package that holds the native addon with --external' }),
      ...(unresolved && { next: 'install the missing package in the folder, or correct the path' }),
    },
  );
}

/** rolldown colours its texts whether or not a terminal reads them. */
function firstLine(message: string): string {
  return stripVTControlCharacters(message).split('\n', 1)[0] ?? '';
}

/** `file:line:column reason`, as editors and terminals make links of it; rolldown counts columns from 0. */
function describe({ loc, id, message }: RolldownLog, folder: string): string {
  const file = loc?.file ?? id;
  const place = file === undefined ? [] : [relative(folder, file) || file];
  if (loc !== undefined) place.push(`${loc.line}`, `${loc.column + 1}`);
  const reason = NATIVE_ADDON.test(id ?? '')
    ? 'a native addon cannot be bundled'
    : firstLine(message).replace(/^\[[A-Z_]+\] /, '');
  return place.length === 0 ? reason : `${place.join(':')} ${reason}`;
}
