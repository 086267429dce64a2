import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/** A program that the setup uses and does not install, and where its installer puts it without adding that to PATH. */
export interface ToolProgram {
  readonly name: string;
  readonly usualFolder: string;
  /** Where to get it: the second half of a sentence. */
  readonly next: string;
}

/** The version is that of aws-lambda-go's `go` line. */
export const GO: ToolProgram = {
  name: 'go',
  usualFolder: '/usr/local/go/bin',
  next: 'install Go 1.26 or newer from https://go.dev/dl (Debian 12 and 13 have older ones), then run make bench-peers again',
};

/** The version is that of lambda_runtime's `rust-version`. */
export const CARGO: ToolProgram = {
  name: 'cargo',
  usualFolder: join(homedir(), '.cargo/bin'),
  next: 'install Rust 1.84 or newer (https://rustup.rs; on Debian 12 the packages cargo-web and rustc-web, on Debian 13 cargo), then run make bench-peers again',
};

/** The version is that of the shard. */
export const CRYSTAL: ToolProgram = {
  name: 'crystal',
  usualFolder: '/usr/bin',
  next: 'install Crystal 1.6 or newer (on Debian the package crystal), then run make setup again',
};

/**
 * Finds a program in PATH, then in the folder where its installer puts it.
 *
 * @param program see there
 * @param path folders as in PATH
 * @returns its absolute path
 * @throws {ToolError} `CANNOT` when it is in none of them
 */
export function findProgram(program: ToolProgram, path: string | undefined): string {
  // Relative folders would be looked for elsewhere by a command that runs in another folder.
  const folders = [...(path ?? '').split(delimiter).filter(isAbsolute), program.usualFolder];
  const found = folders.map((folder) => join(folder, program.name)).find(isExecutable);
  if (found !== undefined) return found;
  throw new ToolError('CANNOT', `Cannot find "${program.name}" in PATH or in "${program.usualFolder}"`, {
    next: program.next,
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
