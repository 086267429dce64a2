import { resolve } from 'node:path';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import { FEATURES, type Feature } from '../case.ts';
import { LANGUAGES } from './language.ts';
import type { Subject } from './subject.ts';

/**
 * Any bootstrap, as the command line names it.
 *
 * @param command program and arguments; no shell sees them
 * @param languageName of the kit's handler that it runs
 * @param without features that it does not have
 * @param workingFolder what a path of the program is relative to
 * @throws {ToolError} `USAGE` for an unknown language or feature
 */
export function commandSubject(
  command: readonly [string, ...string[]],
  languageName: string,
  without: readonly string[],
  workingFolder: string,
): Subject {
  const language = Object.hasOwn(LANGUAGES, languageName) ? LANGUAGES[languageName] : undefined;
  if (language === undefined) {
    const names = Object.keys(LANGUAGES).join(', ');
    throw new ToolError('USAGE', `Unknown language "${languageName}", expected one of ${names}`);
  }
  const [program, ...args] = command;
  return {
    name: command.join(' '),
    description: `with the kit's handler for ${languageName}`,
    without: {
      ...language.without,
      ...Object.fromEntries(without.map((name) => [parseFeature(name), 'said so'])),
    },
    missing: undefined,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await language.lay(taskFolder);
      return { file: program.includes('/') ? resolve(workingFolder, program) : program, args, variables: {} };
    },
  };
}

function parseFeature(name: string): Feature {
  if (Object.hasOwn(FEATURES, name)) return name as Feature;
  throw new ToolError(
    'USAGE',
    `Unknown feature "${name}", expected one of ${Object.keys(FEATURES).join(', ')}`,
  );
}
