import { basename, dirname } from 'node:path/posix';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import { elfArch } from '../../build/elf.ts';
import { type ElfNeeds, elfNeeds } from '../../build/elf-dynamic.ts';
import { compareVersions, newestVersion } from '../../build/glibc.ts';
import type { Finding } from '../finding.ts';
import type { Image } from '../image.ts';
import { type PartSet, type PlacedFile, placedFiles } from '../part-set.ts';

const ELF_MAGIC = '\x7fELF';
/** Where Lambda's loader looks besides its own folders: its `LD_LIBRARY_PATH`. */
const LIBRARY_FOLDERS = new Set(['/var/task', '/var/task/lib', '/opt/lib']);
const LOADERS = new Set(['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']);
const FAMILIES = [
  { family: 'GLIBC', library: 'glibc' },
  { family: 'GLIBCXX', library: 'libstdc++' },
  { family: 'CXXABI', library: 'the C++ ABI of libstdc++' },
] as const;

/** Programs and libraries that would not load: architecture, glibc, libstdc++, missing libraries, damage. */
export async function* checkBinaries(set: PartSet): AsyncGenerator<Finding> {
  const { image, manifests } = set;
  const files = placedFiles(set);
  let arch: string | undefined = manifests[0]?.arch;
  for (const placed of files) {
    const { part, file, path } = placed;
    if (file.linkTarget !== undefined || (await file.head(ELF_MAGIC.length)).toString('latin1') !== ELF_MAGIC)
      continue;
    const at = { part: part.name, file: file.path };
    const content = await file.read();
    const builtFor = elfArch(content);
    arch ??= builtFor;
    if (builtFor !== arch) {
      // Packages with native parts bring those of all machines, and load one.
      const isCertain = part.kind !== 'function' || (file.mode & 0o111) !== 0;
      yield {
        ...at,
        code: 'wrong-architecture',
        severity: isCertain ? 'error' : 'warning',
        what: `built for ${builtFor ?? 'an architecture that Lambda does not have'}, the set is for ${arch}`,
        onLambda: `${path}: cannot execute binary file: Exec format error`,
        next: `build or fetch it for ${arch}`,
      };
      continue;
    }
    let needs: ElfNeeds;
    try {
      needs = elfNeeds(content, path);
    } catch (error) {
      if (!(error instanceof ToolError) && !(error instanceof RangeError)) throw error;
      yield {
        ...at,
        code: 'damaged-binary',
        severity: 'error',
        what: error.message,
        onLambda: `${path}: the process is killed by SIGSEGV or SIGBUS before its first line`,
        next: 'fetch or build the file again',
      };
      continue;
    }
    for (const finding of unmetNeeds(placed, needs, image, files))
      yield { ...at, severity: 'error', ...finding };
  }
}

type Unmet = Pick<Finding, 'code' | 'what' | 'onLambda' | 'next'>;

function* unmetNeeds(
  placed: PlacedFile,
  needs: ElfNeeds,
  image: Image,
  files: readonly PlacedFile[],
): Generator<Unmet> {
  const { path } = placed;
  const { runtime, symbols } = image;
  for (const { family, library } of FAMILIES) {
    const wanted = newestVersion(family, needs.versions);
    if (wanted === undefined || compareVersions(wanted, symbols[family]) <= 0) continue;
    yield {
      code: family === 'GLIBC' ? 'newer-glibc' : 'newer-libstdc++',
      what: `needs ${family} ${wanted}, ${runtime} has ${symbols[family]}`,
      onLambda: `${path}: version \`${family}_${wanted}' not found`,
      next: `build it on a system with an older ${library}, or link it statically`,
    };
  }
  if (needs.loader !== undefined && !LOADERS.has(needs.loader)) {
    yield {
      code: 'missing-loader',
      what: `is loaded by "${needs.loader}", which ${runtime} does not have`,
      onLambda: `${path}: No such file or directory`,
      next: 'take the build for glibc, or a static one',
    };
  }
  for (const library of needs.libraries) {
    if (image.libraries.has(library) || files.some((other) => isLoadable(other, library, placed))) continue;
    yield {
      code: 'missing-library',
      what: `needs "${library}", which is neither in ${runtime} nor in a "lib" folder of the set`,
      onLambda: `${path}: error while loading shared libraries: ${library}: cannot open shared object file`,
      next: 'put it into "lib" of a layer or of the function',
    };
  }
}

/** Whether the loader would find it; beside the file that needs it, it is assumed that this one says so itself. */
function isLoadable({ path }: PlacedFile, library: string, needing: PlacedFile): boolean {
  const folder = dirname(path);
  return basename(path) === library && (LIBRARY_FOLDERS.has(folder) || folder === dirname(needing.path));
}
