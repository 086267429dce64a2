import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, isAbsolute, join, relative } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { PROTOCOL_VERSION } from '../../worker/protocol.ts';
import { bundle } from './bundle.ts';
import { entryGroup } from './entry-group.ts';
import { licensesText, packageFolder } from './licenses.ts';
import type { FileEntry } from './zip.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');

interface Bundle {
  readonly entry: string;
  /** Folders whose files replace those beside the entry. */
  readonly over?: readonly string[];
  /** Where it goes below `pilotlight/`, with what is loaded when it is needed. */
  readonly folder: string;
  readonly file: string;
  readonly lazy: string;
  readonly format: 'cjs' | 'es';
  /** The first line of each file. */
  readonly banner?: string;
}

/** Tells Bun that a file needs no translation, which would take 4 ms of a cold start for each of ours. */
const PLAIN_FOR_BUN = '// @bun';

const NODE_HOST = { entry: 'worker/node/host.ts', folder: 'hosts/', format: 'es' } as const;
const BUNDLES: readonly Bundle[] = [
  // CommonJS: an ES module that imports `node:fs` loads all that its properties stand for, milliseconds of every cold
  // start. The host has that time, since it waits for the bootstrap.
  { entry: 'runtime/bootstrap.ts', folder: '', file: 'bootstrap.cjs', lazy: 'lazy/', format: 'cjs' },
  { ...NODE_HOST, file: 'node.mjs', lazy: 'lazy/' },
  { ...NODE_HOST, over: ['worker/deno', 'worker/node-like'], file: 'deno.mjs', lazy: 'lazy/deno/' },
  {
    ...NODE_HOST,
    over: ['worker/bun', 'worker/node-like'],
    file: 'bun.mjs',
    lazy: 'lazy/bun/',
    banner: PLAIN_FOR_BUN,
  },
];

const PLAIN_HOST = { folder: 'worker/php', into: 'pilotlight/hosts/php/' };

/** Which of our files may get in: every function waits for this layer, what the tools import has no place in it. */
const ALLOWED_SOURCES =
  /^(?:runtime\/(?!cli)[^/]+|runtime\/(?:deadline|http1|lambda-api|modes|prepare|supervisor|transport)\/.+|worker\/.+)$/;

/**
 * Bundles what the runtime layer holds: the bootstrap, the hosts and the dummy, for every architecture.
 *
 * @throws {ToolError} `BUILD_FAILED` when the sources do not bundle
 */
export async function runtimeEntries(): Promise<FileEntry[]> {
  const bundles = await Promise.all(BUNDLES.map(bundleEntries));
  const moduleIds = bundles.flatMap((part) => part.moduleIds);
  refuseForeignSources(moduleIds);
  const dummy = await readFile(join(PROJECT_FOLDER, 'function/dummy/function.js'));
  const entries = [
    file('bootstrap', await readFile(join(PROJECT_FOLDER, 'runtime/bootstrap.sh')), true),
    ...bundles.flatMap(({ files }) => files),
    bootstrapForBun(bundles.flatMap(({ files }) => files)),
    file('pilotlight/bootstrap.mjs', await readFile(join(PROJECT_FOLDER, 'runtime/bootstrap.mjs'))),
    ...(await plainEntries()),
    file('pilotlight/function.bundle.js', dummy),
    file('pilotlight/LICENSES.txt', await licensesText(moduleIds)),
  ];
  return [...entries, file('pilotlight/runtime.json', await describe())];
}

function refuseForeignSources(moduleIds: readonly string[]): void {
  const foreign = moduleIds
    .filter(isAbsolute)
    .map((id) => relative(PROJECT_FOLDER, id))
    .filter((source) => !/^(?:\.\.|node_modules)\//.test(source) && !ALLOWED_SOURCES.test(source));
  if (foreign.length === 0) return;
  throw new ToolError(
    'BUILD_FAILED',
    `Cannot ship ${foreign.join(', ')} in the runtime layer: not allowed there`,
  );
}

async function bundleEntries(part: Bundle) {
  const entry = join(PROJECT_FOLDER, part.entry);
  const chunks = await bundle({
    entry,
    folder: PROJECT_FOLDER,
    over: part.over?.map((path) => join(PROJECT_FOLDER, path)),
    external: [],
    output: {
      format: part.format,
      entryFileNames: part.file,
      chunkFileNames: ({ moduleIds }) => `${part.lazy}${chunkName(moduleIds)}${extname(part.file)}`,
      codeSplitting: { groups: [entryGroup(entry)] },
      minifyInternalExports: false,
      // Not minified: a stack trace from the field can be read, and the zip makes up for most of the size.
      minify: 'dce-only',
      comments: false,
      banner: part.banner ?? '',
    },
  });
  const files = chunks.map(({ fileName, code }) => file(`pilotlight/${part.folder}${fileName}`, code));
  return { files, moduleIds: chunks.flatMap((chunk) => chunk.moduleIds) };
}

/**
 * Of CommonJS, Bun takes without translation only what is a function already. What is loaded later asks for the bootstrap
 * by its usual name.
 */
function bootstrapForBun(files: readonly FileEntry[]): FileEntry {
  const bootstrap = files.find(({ path }) => path === 'pilotlight/bootstrap.cjs');
  const begin = `${PLAIN_FOR_BUN} @bun-cjs\n(function(exports, require, module, __filename, __dirname) {`;
  const register = "require.cache[require.resolve('./bootstrap.cjs')] = module;";
  return file('pilotlight/bootstrap-bun.cjs', `${begin} ${register}\n${bootstrap?.content}})\n`);
}

/** Hosts that are no JavaScript go in as they are. */
async function plainEntries(): Promise<FileEntry[]> {
  const { folder, into } = PLAIN_HOST;
  const paths = (await readdir(join(PROJECT_FOLDER, folder), { recursive: true })).filter((path) =>
    path.endsWith('.php'),
  );
  return await Promise.all(
    paths.map(async (path) => file(into + path, await readFile(join(PROJECT_FOLDER, folder, path)))),
  );
}

/** The file or the package that a chunk is there for: its last, since what a module imports stands before it. */
function chunkName(moduleIds: readonly string[]): string {
  const last = moduleIds.at(-1) ?? '';
  return basename(packageFolder(last) ?? last).replace(/\.[jt]s$/, '');
}

/** What the layer says of itself: which pilotlight, and which worker protocol. */
async function describe(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PROJECT_FOLDER, 'package.json'), 'utf8'));
  return `${JSON.stringify({ version, protocol: PROTOCOL_VERSION }, undefined, 2)}\n`;
}

function file(path: string, content: string | Buffer, executable = false): FileEntry {
  return { path, content: Buffer.from(content), executable };
}
