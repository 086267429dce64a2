import { readFileSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { parseCargoList, parseCargoLock, parseRustVersion, writeVersions } from '../bench/peers/versions.ts';
import { RUST_PEER, SETUP_FOLDER, WEB_ADAPTER_PEER } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { CARGO, findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const SOURCE = join(import.meta.dirname, '../bench/peers/rust');
/** The newest on crates.io; the crate brings the lock file of its own dependencies. */
const WEB_ADAPTER_CRATE = { name: 'lambda_web_adapter', version: '1.0.0-rc1' };
/** What both builds share, some hundred megabytes: removed when they are done. */
const TARGET_FOLDER = join(SETUP_FOLDER, 'cargo-target');

/** Builds what comes from crates.io, one after the other because they share most of what they are built from. */
export const rustPeers: Step = {
  name: 'clients in Rust',
  missing: () =>
    PEERS.filter(({ name, digest }) => !isStamped(PROGRAMS[name], digest())).map(({ name }) => name),
  install,
};

/** Runs cargo, or a tool that comes with it, and resolves with what it printed. */
type Run = (tool: 'cargo' | 'rustc', ...args: string[]) => Promise<string>;

interface RustPeer {
  readonly name: 'lambda_runtime' | 'lambda_web_adapter';
  readonly folder: string;
  digest(): string;
  build(run: Run): Promise<void>;
}

const PEERS: readonly RustPeer[] = [
  { name: 'lambda_runtime', folder: RUST_PEER, digest: digestOfSources, build: buildHandler },
  {
    name: 'lambda_web_adapter',
    folder: WEB_ADAPTER_PEER,
    digest: () => digestOf([WEB_ADAPTER_CRATE.version, process.arch]),
    build: buildWebAdapter,
  },
];

function digestOfSources(): string {
  const files = ['src/main.rs', 'Cargo.toml', 'Cargo.lock'].map((name) =>
    readFileSync(join(SOURCE, name), 'utf8'),
  );
  return digestOf([...files, process.arch]);
}

async function install(context: StepContext): Promise<void> {
  const cargo = findProgram(CARGO, context.environment.PATH);
  const options = {
    environment: {
      ...context.environment,
      // Where cargo lies in no folder of PATH, neither does the compiler that it calls.
      PATH: [dirname(cargo), context.environment.PATH].join(delimiter),
      CARGO_TARGET_DIR: TARGET_FOLDER,
    },
    signal: context.signal,
    logFile: join(context.logFolder, 'rust-peers.log'),
    next: `check that cargo reaches crates.io; if it is too old, ${CARGO.next}`,
    cwd: SOURCE,
  };
  const run: Run = (tool, ...args) => runCommand([tool === 'cargo' ? cargo : tool, ...args], options);
  const missing = rustPeers.missing();
  try {
    for (const { name, folder, digest, build } of PEERS.filter((peer) => missing.includes(peer.name))) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await build(run);
      stamp(PROGRAMS[name], digest());
    }
  } finally {
    await rm(TARGET_FOLDER, { recursive: true, force: true });
  }
}

async function buildHandler(run: Run): Promise<void> {
  await run('cargo', 'build', '--release', '--locked', '--quiet');
  await copyFile(join(TARGET_FOLDER, 'release/echo'), join(RUST_PEER, 'bootstrap'));
  const lock = readFileSync(join(SOURCE, 'Cargo.lock'), 'utf8');
  writeVersions(RUST_PEER, {
    lambda_runtime: parseCargoLock(lock, 'lambda_runtime'),
    rust: parseRustVersion(await run('rustc', '--version')),
  });
}

async function buildWebAdapter(run: Run): Promise<void> {
  const { name, version } = WEB_ADAPTER_CRATE;
  await run('cargo', 'install', '--locked', '--quiet', '--root', WEB_ADAPTER_PEER, `${name}@${version}`);
  writeVersions(WEB_ADAPTER_PEER, {
    lambda_web_adapter: parseCargoList(
      await run('cargo', 'install', '--list', '--root', WEB_ADAPTER_PEER),
      name,
    ),
    rust: parseRustVersion(await run('rustc', '--version')),
  });
}
