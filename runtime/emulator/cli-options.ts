import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { ToolError } from '../cli/tool-error.ts';
import type { Call, OptionSpec } from '../cli/verb.ts';
import { type Credentials, INVENTED_CREDENTIALS } from './lambda-variables.ts';
import type { IsolationName } from './sandbox/sandbox.ts';

const ISOLATIONS = ['auto', 'bwrap', 'userns', 'paths'] as const;
const DEFAULT_INSPECT_PORT = '9229';

/** Options that win over what `pilotlight.json` says of a function. */
export const FUNCTION_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  handler: {
    type: 'string',
    value: 'NAME',
    describe: 'module.export or export',
    fallback: 'function.handler',
  },
  interpreter: { type: 'string', value: 'NAME', describe: 'interpreter layer', fallback: 'node' },
  arch: { type: 'string', value: 'ARCH', describe: 'x86_64 or arm64', fallback: "this machine's" },
  memory: { type: 'string', value: 'MIB', describe: 'memory in MiB', fallback: '256' },
  timeout: { type: 'string', value: 'SECONDS', describe: 'timeout of an invocation', fallback: '3' },
  env: {
    type: 'string',
    multiple: true,
    value: 'K=V|@FILE',
    describe: 'a variable of the function, or a file with one a line; may repeat, the last wins',
  },
  // Node takes it too, wherever it stands, and ends the command with its own words where there is no such file.
  'env-file': {
    type: 'string',
    value: 'FILE',
    describe: 'as --env @FILE; Node reads it for the command too',
  },
};

/** Options that `dev` and `invoke` share. */
export const RUN_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...FUNCTION_OPTIONS,
  credentials: {
    type: 'string',
    value: 'none|shell',
    describe: 'AWS keys the function sees: invented ones, or those of this shell',
    fallback: 'none',
  },
  isolation: {
    type: 'string',
    value: ISOLATIONS.join('|'),
    describe: 'how environments are kept apart',
    fallback: 'auto',
  },
  freeze: {
    type: 'boolean',
    describe: 'stop environments while they are idle, as Lambda does; --no-freeze lets them run',
    fallback: 'on; off with --inspect',
  },
  inspect: {
    type: 'string',
    bare: DEFAULT_INSPECT_PORT,
    value: 'PORT',
    describe: "open the worker's debugger and lift the deadline",
    fallback: `off; port ${DEFAULT_INSPECT_PORT}`,
  },
};

/** What the shared options say. */
export interface RunOptions {
  /** What wins over `pilotlight.json`, in its words. */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly isolation: IsolationName | 'auto';
  readonly credentials: Credentials;
  readonly region: string;
  readonly inspectPort: number | undefined;
  readonly freeze: boolean;
}

/**
 * Reads the shared options.
 *
 * @param values of the command line
 * @param shell the variables of the shell; looked at with `--credentials shell` alone
 * @throws {ToolError} `USAGE` for a value that cannot be used
 */
export async function parseRunOptions(values: Call['values'], shell: NodeJS.ProcessEnv): Promise<RunOptions> {
  const file = values['env-file'] === undefined ? [] : [`@${values['env-file']}`];
  const given = [...file, ...((values.env ?? []) as readonly string[])];
  const environment = Object.assign({}, ...(await Promise.all(given.map(readVariables))));
  const isolation = ISOLATIONS.find((name) => name === (values.isolation ?? 'auto'));
  if (isolation === undefined) {
    throw new ToolError(
      'USAGE',
      `Unknown isolation "${values.isolation}", expected ${ISOLATIONS.join(', ')}`,
    );
  }
  return {
    overrides: {
      handler: values.handler,
      interpreter: values.interpreter,
      arch: values.arch,
      memoryMiB: values.memory === undefined ? undefined : Number(values.memory),
      timeoutS: values.timeout === undefined ? undefined : Number(values.timeout),
      environment: Object.keys(environment).length === 0 ? undefined : environment,
    },
    isolation,
    ...parseCredentials(values.credentials ?? 'none', shell),
    inspectPort: values.inspect === undefined ? undefined : parseNumber('inspect', values.inspect, 1, 65_535),
    freeze: values.freeze !== false,
  };
}

/**
 * Reads a whole number.
 *
 * @param option name of the option, for the error
 * @throws {ToolError} `USAGE` when it is none, or out of bounds
 */
export function parseNumber(option: string, value: unknown, min: number, max: number): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new ToolError(
    'USAGE',
    `Cannot use --${option} "${value}", expected a whole number from ${min} to ${max}`,
  );
}

async function readVariables(text: string): Promise<NodeJS.Dict<string>> {
  if (text.startsWith('@')) return await readEnvFile(text.slice(1));
  const end = text.indexOf('=');
  if (end < 1) throw new ToolError('USAGE', `Cannot use --env "${text}", expected NAME=VALUE or @FILE`);
  return { [text.slice(0, end)]: text.slice(end + 1) };
}

async function readEnvFile(path: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ToolError('USAGE', `Cannot read "${path}": ${(error as Error).message}`, { cause: error });
  }
}

function parseCredentials(
  source: unknown,
  shell: NodeJS.ProcessEnv,
): Pick<RunOptions, 'credentials' | 'region'> {
  const region = 'us-east-1';
  if (source === 'none') return { credentials: INVENTED_CREDENTIALS, region };
  if (source !== 'shell') {
    throw new ToolError('USAGE', `Unknown credentials "${source}", expected none or shell`);
  }
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION } =
    shell;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new ToolError(
      'USAGE',
      'Cannot use --credentials shell: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set',
      {
        next: 'eval "$(aws configure export-credentials --format env)"',
      },
    );
  }
  return {
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    },
    region: AWS_REGION ?? AWS_DEFAULT_REGION ?? region,
  };
}
