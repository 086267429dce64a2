import { lstat, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** One thing of this machine that can be seen from inside, always read-only. */
export type ViewStep =
  /** A file or folder at its own path; with `folder` it may hold mounts. */
  | { readonly kind: 'bind'; readonly path: string; readonly folder: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** A folder that is there and empty. */
  | { readonly kind: 'empty'; readonly path: string }
  /** A file with what another one holds; over `/dev/null` it is there and cannot be executed. */
  | { readonly kind: 'cover'; readonly path: string; readonly by: string };

/** User and group of the bootstrap on Lambda. */
export const SANDBOX_UID = 993;
export const SANDBOX_GID = 990;
export const PASSWD = `root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:${SANDBOX_UID}:${SANDBOX_GID}::/home/sbx_user1051:/sbin/nologin\n`;
export const GROUP = `root:x:0:\nsbx_user1051:x:${SANDBOX_GID}:\n`;

/**
 * Of `/etc` only what the C library and TLS need, never private keys, and the links through which Debian's tools are
 * found.
 */
const ETC_NAMES = [
  'ld.so.cache',
  'resolv.conf',
  'hosts',
  'nsswitch.conf',
  'ssl/certs',
  'ssl/openssl.cnf',
  'pki/tls/certs',
  'pki/ca-trust/extracted',
  'ca-certificates/extracted',
  'alternatives',
] as const;
/** Interpreters that come in layers: with this machine's own on PATH a forgotten layer would go unnoticed. */
const HIDDEN_PROGRAMS = ['node', 'nodejs', 'deno', 'bun', 'php'] as const;

/**
 * Finds what of this machine an environment sees: system programs and libraries, name resolution, certificates; no
 * home folders, nothing installed by hand, no interpreter that a layer should bring.
 *
 * @returns steps in the order in which they have to be done
 */
export async function hostView(): Promise<readonly ViewStep[]> {
  const steps: (ViewStep | undefined)[] = [{ kind: 'bind', path: '/usr', folder: true }];
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) steps.push(await asItIs(`/${name}`));
  for (const name of ETC_NAMES) steps.push(await bound(join('/etc', name)));
  if ((await bound('/usr/local')) !== undefined) steps.push({ kind: 'empty', path: '/usr/local' });
  const hidden = new Set<string>();
  for (const name of HIDDEN_PROGRAMS) {
    const real = await realpath(join('/usr/bin', name)).catch(() => '');
    if (/^\/usr\/(?!local\/)/.test(real)) hidden.add(real);
  }
  for (const path of hidden) steps.push({ kind: 'cover', path, by: '/dev/null' });
  steps.push(await bashAsShell());
  return steps.filter((step) => step !== undefined);
}

/** Amazon Linux has Bash as `sh`, and bootstraps rely on it: Debian's takes neither `source` nor `set -o pipefail`. */
async function bashAsShell(): Promise<ViewStep | undefined> {
  const [shell, bash] = await Promise.all(
    ['/bin/sh', '/bin/bash'].map((path) => realpath(path).catch(() => '')),
  );
  if (!shell || !bash || shell === bash) return undefined;
  return { kind: 'cover', path: shell, by: bash };
}

/** `/bin` and the like are links into `/usr` on most systems and folders on some. */
async function asItIs(path: string): Promise<ViewStep | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) return { kind: 'link', path, target: await readlink(path) };
  return await bound(path);
}

async function bound(path: string): Promise<ViewStep | undefined> {
  const found = await realpath(path)
    .then(lstat)
    .catch(() => undefined);
  return found === undefined ? undefined : { kind: 'bind', path, folder: found.isDirectory() };
}
