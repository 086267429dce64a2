/** What an OS-only runtime of Lambda has, as far as programs in layers and functions depend on it. */
export interface Image {
  /** The runtime's name in Lambda's API. */
  readonly runtime: string;
  /** Newest version of the symbols of each family. */
  readonly symbols: Readonly<Record<'GLIBC' | 'GLIBCXX' | 'CXXABI', string>>;
  /** Shared libraries that are there. */
  readonly libraries: ReadonlySet<string>;
}

export const TARGETS = ['al2023', 'al2'] as const;
export type Target = (typeof TARGETS)[number];

/** glibc's own, and those of GCC. */
const BASE_LIBRARIES = [
  ...['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1', 'libresolv.so.2'],
  ...['libutil.so.1', 'libnsl.so.1', 'libanl.so.1', 'ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'],
  ...['libgcc_s.so.1', 'libstdc++.so.6', 'libz.so.1'],
];

/**
 * From the published package lists of the images. Nothing is named that the managed runtimes were seen to lack though
 * their image has it, such as libgcrypt.
 */
export const IMAGES: Readonly<Record<Target, Image>> = {
  al2023: {
    runtime: 'provided.al2023',
    // libstdc++ 6.0.29, of GCC 11.
    symbols: { GLIBC: '2.34', GLIBCXX: '3.4.29', CXXABI: '1.3.13' },
    libraries: new Set([
      ...BASE_LIBRARIES,
      ...['libssl.so.3', 'libcrypto.so.3', 'libcurl.so.4', 'libxml2.so.2', 'libpcre2-8.so.0'],
      ...['libsqlite3.so.0', 'libyaml-0.so.2', 'libreadline.so.8', 'libzstd.so.1', 'libuuid.so.1'],
    ]),
  },
  al2: {
    runtime: 'provided.al2',
    // libstdc++ of GCC 7.
    symbols: { GLIBC: '2.26', GLIBCXX: '3.4.24', CXXABI: '1.3.11' },
    libraries: new Set(BASE_LIBRARIES),
  },
};

/** Programs that scripts may name in their first line. */
export const IMAGE_SHELLS: ReadonlySet<string> = new Set(
  ['sh', 'bash'].flatMap((shell) => [`/bin/${shell}`, `/usr/bin/${shell}`]),
);
export const IMAGE_ENV: ReadonlySet<string> = new Set(['/usr/bin/env', '/bin/env']);
