import { createWriteStream } from 'node:fs';
import { chmod, lstat, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline as connect, type Readable, Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

const FILE_TYPE_MASK = 0o170000;
const DIRECTORY_TYPE = 0o040000;
const FILE_TYPE = 0o100000;
const LINK_TYPE = 0o120000;
/** Without set-user-id and sticky bits, which mean nothing on Lambda's read-only mounts. */
const PERMISSION_MASK = 0o777;
/** Longest path that Linux takes. */
const MAX_LINK_BYTES = 4096;
const DEFLATED = 8;
/** Sixty-four times Node's own: an interpreter is 120 MB, and every part costs a turn of the event loop. */
const PART_BYTES = 1024 * 1024;
/** `versionMadeBy` of zips that carry Unix attributes: Unix and macOS; files of others get 0644. */
const UNIX_MAKERS: readonly number[] = [3, 19];

/**
 * Adds up what a zip unpacks to, by its directory alone.
 *
 * @param zip path of the zip
 * @returns the sum in bytes
 */
export async function unpackedBytes(zip: string): Promise<number> {
  const file = await openPromise(zip);
  let bytes = 0;
  for await (const entry of file.eachEntry()) bytes += entry.uncompressedSize;
  return bytes;
}

/**
 * Unpacks a zip over what is in a folder already. Entries replace what has their name; nothing is ever written
 * through a link, so that no entry gets out of the folder.
 *
 * @param zip path of the zip
 * @param folder existing folder
 * @param signal stops it, leaving the folder half filled
 */
export async function unzip(zip: string, folder: string, signal: AbortSignal): Promise<void> {
  const file = await openPromise(zip);
  /** Folders that were seen to be real ones; forgotten whenever one may have been replaced. */
  const directories = new Set<string>();
  for await (const entry of file.eachEntry()) {
    signal.throwIfAborted();
    const segments = entry.fileName.split('/').filter((segment) => segment !== '' && segment !== '.');
    if (segments.length === 0) continue;
    const path = join(folder, ...segments);
    const { type, permissions } = attributes(entry);
    if (type === DIRECTORY_TYPE) {
      await makeDirectories(folder, segments, directories);
      continue;
    }
    await makeDirectories(folder, segments.slice(0, -1), directories);
    await clear(path, directories);
    if (type === LINK_TYPE) {
      await symlink(await readLink(file, entry), path);
    } else if (type === FILE_TYPE) {
      // 'wx' fails on a name that exists, a link too. The mode comes last, because the umask cuts one given on creation.
      const target = createWriteStream(path, { flags: 'wx' });
      await pipeline(await openContent(file, entry), checksum(entry), target, { signal });
      await chmod(path, permissions);
    } else {
      throw new Error(`"${entry.fileName}" is a device or pipe, expected files, folders and links`);
    }
  }
}

function attributes(entry: Entry): { type: number; permissions: number } {
  const isFolderName = entry.fileName.endsWith('/');
  const defaults = { type: isFolderName ? DIRECTORY_TYPE : FILE_TYPE, permissions: 0o644 };
  if (!UNIX_MAKERS.includes(entry.versionMadeBy >>> 8)) return defaults;
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE_MASK;
  return { type: isFolderName || type === 0 ? defaults.type : type, permissions: mode & PERMISSION_MASK };
}

async function makeDirectories(
  folder: string,
  segments: readonly string[],
  known: Set<string>,
): Promise<void> {
  let path = folder;
  for (const segment of segments) {
    path = join(path, segment);
    if (known.has(path)) continue;
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink()) {
      throw new Error(`"${segments.join('/')}" leads through a link, expected folders only`);
    }
    if (!found?.isDirectory()) {
      await rm(path, { force: true });
      await mkdir(path);
      await chmod(path, 0o755);
    }
    known.add(path);
  }
}

async function clear(path: string, known: Set<string>): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory()) known.clear();
  await rm(path, { recursive: true });
}

async function openContent(file: ZipFile, entry: Entry): Promise<Readable> {
  if (!entry.canDecodeFileData()) {
    throw new Error(`"${entry.fileName}" is encrypted or packed by a method other than deflate`);
  }
  if (entry.compressionMethod !== DEFLATED) return await file.openReadStreamPromise(entry);
  const packed = await file.openReadStreamPromise(entry, { decompress: false });
  // Whoever reads the content is told of a failure of either.
  return connect(packed, createInflateRaw({ chunkSize: PART_BYTES }), () => {});
}

async function readLink(file: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MAX_LINK_BYTES) {
    throw new Error(`The link "${entry.fileName}" has a target of ${entry.uncompressedSize} bytes`);
  }
  return await pipeline(await openContent(file, entry), checksum(entry), text);
}

/** Passes data on; fails at the first byte too many, and at the end when it is not what was packed. */
function checksum(entry: Entry): Transform {
  let sum = 0;
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      bytes += chunk.length;
      if (bytes <= entry.uncompressedSize) done(null, chunk);
      else
        done(new Error(`"${entry.fileName}" has more than the ${entry.uncompressedSize} bytes it tells of`));
    },
    flush(done) {
      done(sum === entry.crc32 ? null : new Error(`"${entry.fileName}" is damaged: its checksum differs`));
    },
  });
}
