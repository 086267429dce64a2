import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { execa } from 'execa';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { installFolder } from './install-folder.ts';
import { installInterpreter } from './interpreter-install.ts';
import { readInterpreterSource, readPinnedPackage } from './interpreter-source.ts';

/** Where the bundle lies on Lambda: V8 keeps the path in what it compiles. */
const BUNDLE_URL = 'file:///tmp/pilotlight/function/function.bundle.js';
/** Without it V8 takes another seed in each process, and what it compiles differs from build to build. */
const SEED_FLAG = '--hash-seed=1';
/** Of a file of Node's cache: its own header, whose last field is a CRC-32 of what follows; then V8's, with a hash of the flags. */
const NODE_HEADER_BYTES = 20;
const NODE_CRC_OFFSET = 16;
const V8_FLAGS_OFFSET = 12;

const LOAD = `import module, { registerHooks } from 'node:module';
import { readFileSync } from 'node:fs';
const [file, cache] = process.argv.slice(-2);
const url = '${BUNDLE_URL}';
const bundle = { format: 'module', shortCircuit: true };
registerHooks({
  resolve: (name, context, next) => (name === url ? { url, ...bundle } : next(name, context)),
  load: (name, context, next) => (name === url ? { source: readFileSync(file), ...bundle } : next(name, context)),
});
module.enableCompileCache(cache);
// What it imports besides may not be there: it is compiled all the same.
await import(url).catch(() => {});
process.exit();
`;
const TELL_FLAGS = `const { cachedData } = new (require('node:vm').Script)('1', { produceCachedData: true });
process.stdout.write(cachedData.toString('hex', ${V8_FLAGS_OFFSET}, ${V8_FLAGS_OFFSET + 4}));`;

/**
 * Has an interpreter load a bundle and keeps what its V8 compiled, which saves a large bundle a good part of its cold
 * start. The same bundle gives the same bytes. The code of the bundle runs, up to its end or its first error.
 *
 * @param bundle an ES module
 * @param name of the interpreter, one of Node's
 * @param options `note` for progress, a `signal` that stops it
 * @returns nothing where Node has kept nothing
 */
export async function makeCodeCache(
  bundle: Uint8Array,
  name: string,
  options: { note: (line: string) => void; signal: AbortSignal },
): Promise<Buffer | undefined> {
  const source = await readInterpreterSource(name);
  const pinned = await readPinnedPackage(source, MACHINE_ARCH);
  const home = await installInterpreter(pinned, { folder: installFolder(name), ...options });
  const node = join(home, source.packageBinary);
  const work = await mkdtemp(join(tmpdir(), 'pilotlight-cache-'));
  try {
    const [script, file, cache] = [join(work, 'load.mjs'), join(work, 'bundle.js'), join(work, 'cache')];
    await writeFile(script, LOAD);
    await writeFile(file, bundle);
    const run = {
      cwd: work,
      env: {},
      extendEnv: false,
      cancelSignal: options.signal,
      stdin: 'ignore',
    } as const;
    await execa(node, [SEED_FLAG, script, file, cache], { ...run, reject: false });
    const flags = await execa(node, ['-e', TELL_FLAGS], run);
    const [made] = (await readdir(cache, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    if (made === undefined) return undefined;
    return withFlags(await readFile(join(made.parentPath, made.name)), Buffer.from(flags.stdout, 'hex'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The seed is a flag, and V8 takes nothing that was compiled with other flags than its own; to the code it is all one. */
function withFlags(cache: Buffer, flags: Buffer): Buffer {
  flags.copy(cache, NODE_HEADER_BYTES + V8_FLAGS_OFFSET);
  cache.writeUInt32LE(crc32(cache.subarray(NODE_HEADER_BYTES)), NODE_CRC_OFFSET);
  return cache;
}
