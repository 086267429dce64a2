import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import type { Candidate, EnvironmentCommand } from './candidate.ts';

/**
 * Reads `--candidate`: any bootstrap, as the folder it lies in or as a command.
 *
 * @param text `NAME=DIR` or `NAME=COMMAND`; the words of a command are what blanks part, and no shell sees them
 * @param workingFolder what paths are relative to, and where commands start
 * @throws {ToolError} `USAGE` when it is neither, or the folder has no bootstrap that can be executed
 */
export function customCandidate(text: string, workingFolder: string): Candidate {
  const end = text.indexOf('=');
  const name = text.slice(0, end).trim();
  const value = text.slice(end + 1).trim();
  if (end < 1 || name === '' || value === '') {
    throw new ToolError('USAGE', `Cannot use --candidate "${text}", expected NAME=DIR or NAME=COMMAND`);
  }
  const path = resolve(workingFolder, value);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const command = isFolder ? commandOfFolder(name, path) : commandOf(value, workingFolder);
  return {
    info: { name, description: value, versions: {}, role: 'peer' },
    missing: undefined,
    // One that takes events one by one does so here too.
    maxInFlight: Number.POSITIVE_INFINITY,
    prepare: async () => command,
  };
}

function commandOfFolder(name: string, folder: string): EnvironmentCommand {
  const file = join(folder, 'bootstrap');
  try {
    accessSync(file, constants.X_OK);
  } catch (error) {
    throw new ToolError(
      'USAGE',
      `Cannot measure "${name}": found no executable "bootstrap" in "${folder}", expected one as Lambda does`,
      { cause: error, next: 'chmod +x bootstrap, or give a command instead of the folder' },
    );
  }
  return { file, args: [], folder, variables: {} };
}

function commandOf(text: string, folder: string): EnvironmentCommand {
  const [file = '', ...args] = text.split(/\s+/);
  return { file: file.includes('/') ? resolve(folder, file) : file, args, folder, variables: {} };
}
