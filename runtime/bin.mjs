#!/usr/bin/env node
// Runs on Node 20, which cannot run TypeScript: finds a newer Node and hands over to the command line itself.
// The pinned packages are called by their path because npm 10 leaves out `.bin/node` when both are optional.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MIN_NODE_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));

function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/package.json`);
    const binary = join(dirname(manifest), 'bin/node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

// The program loader that the pinned Node and every interpreter layer name: without it none of them starts.
const LOADERS = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' };

function unsupportedSystem() {
  if (process.platform !== 'linux') {
    return `Cannot run on ${process.platform}: Lambda's parts are Linux programs`;
  }
  const loader = LOADERS[process.arch];
  if (loader === undefined) return `Cannot run on ${process.arch}: Lambda has x86_64 and arm64`;
  if (!existsSync(loader)) {
    return `Cannot run without "${loader}", the loader of glibc: interpreter layers are built for it, systems such as Alpine cannot start them`;
  }
  return undefined;
}

const unsupported = unsupportedSystem();
if (unsupported !== undefined) {
  process.stderr.write(
    `UNSUPPORTED_SYSTEM  ${unsupported}\n  next  use Linux with glibc 2.28 or newer: a Debian or Ubuntu machine, a virtual machine, or WSL 2 on Windows\n`,
  );
  process.exit(3);
}

const major = Number.parseInt(process.versions.node, 10);
const node = pinnedNode() ?? (major >= MIN_NODE_MAJOR ? process.execPath : undefined);
if (node === undefined) {
  process.stderr.write(
    `UNSUPPORTED_SYSTEM  Cannot run on Node ${process.versions.node}: expected ${MIN_NODE_MAJOR} or newer, or the pinned one\n  next  npm ci --include=optional, or install Node ${MIN_NODE_MAJOR}\n`,
  );
  process.exit(3);
}

// A clone runs its sources, the npm package what was compiled from them.
const source = join(here, 'cli.ts');
const entry = existsSync(source) ? source : join(here, '../dist/package/runtime/cli.js');
// Where Node keeps the code of the command line compiled: a verb starts in two thirds of the time.
const { HOME, XDG_CACHE_HOME = HOME && join(HOME, '.cache') } = process.env;
const compiled = XDG_CACHE_HOME && { NODE_COMPILE_CACHE: join(XDG_CACHE_HOME, 'pilotlight/compiled') };
// Passes on what may have been sent to this process alone, and waits. Ctrl-C reaches the whole process group: the
// command line then gets it twice, which it takes as once.
const child = spawn(node, ['--disable-warning=ExperimentalWarning', entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...compiled, ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
