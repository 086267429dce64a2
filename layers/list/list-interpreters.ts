import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_UNPACKED_BYTES } from '../../runtime/emulator/sandbox/compose-parts.ts';
import { unpackedBytes } from '../../runtime/emulator/sandbox/unzip.ts';
import { compareVersions } from '../build/glibc.ts';
import {
  ARCHES,
  type Arch,
  interpreterVersion,
  readInterpreterSource,
  readPinnedPackage,
} from '../build/interpreter-source.ts';
import { IMAGES, TARGETS, type Target } from '../check/image.ts';

/** The runtime layer before it was built, about. */
const RUNTIME_BYTES = 1_500_000;

/** What one interpreter layer is, for one architecture. */
export interface InterpreterRow {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
  readonly glibc: string;
  /** The images that its glibc is old enough for. */
  readonly runsOn: readonly Target[];
  /** Of the built zip; `null` when it was not built. */
  readonly bytes: number | null;
  /** `null` when it was not built and its source says nothing. */
  readonly unpackedBytes: number | null;
  /** Whether it was not built, so that what it unpacks to is said by its source. */
  readonly isEstimate: boolean;
  /** Whether the bootstrap runs on it; else it needs another one beside it. */
  readonly runsBootstrap: boolean;
}

/** Two layers of a function, or one. */
export interface Combination {
  readonly arch: Arch;
  readonly names: readonly string[];
  /** What Lambda's limit leaves for the function, with the runtime layer; below zero they do not fit; `null`: not known. */
  readonly leftBytes: number | null;
}

/**
 * Describes interpreters, built or not.
 *
 * @param out the folder of the zips
 * @param names of the interpreters
 */
export async function listInterpreters(out: string, names: readonly string[]): Promise<InterpreterRow[]> {
  const rows = names.map(async (name) => {
    const source = await readInterpreterSource(name);
    const { glibc, bootstrap } = source;
    const runsOn = TARGETS.filter(
      (target) => glibc === 'none' || compareVersions(glibc, IMAGES[target].symbols.GLIBC) <= 0,
    );
    return await Promise.all(
      ARCHES.map(async (arch): Promise<InterpreterRow> => {
        const version = interpreterVersion(source, await readPinnedPackage(source, arch));
        const built = await measure(join(out, `interpreter-${name}-${arch}.zip`));
        const estimate = source.unpackedMb?.[arch];
        return {
          ...{ name, version, arch, glibc, runsOn },
          bytes: built?.bytes ?? null,
          unpackedBytes: built?.unpackedBytes ?? (estimate === undefined ? null : estimate * 1_000_000),
          isEstimate: built === undefined,
          runsBootstrap: bootstrap.length > 0,
        };
      }),
    );
  });
  return (await Promise.all(rows)).flat();
}

/**
 * Says what fits with what: every interpreter alone, and every two of them.
 *
 * @param out the folder of the zips
 * @param rows the interpreters
 */
export async function combine(out: string, rows: readonly InterpreterRow[]): Promise<Combination[]> {
  const runtime = (await measure(join(out, 'runtime.zip')))?.unpackedBytes ?? RUNTIME_BYTES;
  return ARCHES.flatMap((arch) => {
    const layers = rows.filter((row) => row.arch === arch);
    return layers.flatMap((first, index) =>
      layers.slice(index).map((second): Combination => {
        const together = [...new Set([first, second])];
        const bytes = together.map((row) => row.unpackedBytes);
        return {
          arch,
          names: together.map(({ name }) => name),
          leftBytes: bytes.includes(null)
            ? null
            : bytes.reduce<number>((left, one) => left - (one ?? 0), MAX_UNPACKED_BYTES - runtime),
        };
      }),
    );
  });
}

async function measure(zip: string): Promise<{ bytes: number; unpackedBytes: number } | undefined> {
  const found = await stat(zip).catch(() => undefined);
  return found && { bytes: found.size, unpackedBytes: await unpackedBytes(zip) };
}
