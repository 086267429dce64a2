import type { Call, OptionSpec } from '../../runtime/cli/verb.ts';
import type { DeployTarget } from './clients.ts';

/** Where `dev` listens unless told otherwise. */
export const LOCAL_ENDPOINT = 'http://127.0.0.1:9000';

/** Options that say where functions are deployed. */
export const TARGET_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'endpoint-url': { type: 'string', value: 'URL', describe: 'address of the APIs', fallback: 'AWS' },
  region: { type: 'string', value: 'REGION', describe: 'AWS region', fallback: "the shell's" },
  profile: { type: 'string', value: 'NAME', describe: 'AWS profile', fallback: "the shell's" },
};

/**
 * Where to deploy to, by these options and the shell.
 *
 * @param call of the verb
 * @param endpoint where none is named
 */
export function readTarget(call: Call, endpoint?: string): DeployTarget {
  return {
    endpoint: textOf(call, 'endpoint-url') ?? endpoint,
    region: textOf(call, 'region'),
    profile: textOf(call, 'profile'),
    shell: process.env,
  };
}

/**
 * The text of an option.
 *
 * @param call of the verb
 * @param option its name
 */
export function textOf({ values }: Call, option: string): string | undefined {
  const value = values[option];
  return typeof value === 'string' ? value : undefined;
}
