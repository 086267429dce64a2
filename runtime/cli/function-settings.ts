import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { ToolError } from './tool-error.ts';

const SETTINGS = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,64}$/)
    .optional(),
  handler: z.string().min(1).max(128).optional(),
  interpreter: z.string().min(1).optional(),
  arch: z.enum(['x86_64', 'arm64']).optional(),
  memoryMiB: z.int().min(128).max(10_240).optional(),
  timeoutS: z.int().min(1).max(900).optional(),
  environment: z.record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]+$/), z.string()).optional(),
  url: z.enum(['none', 'buffered', 'stream']).optional(),
  alias: z
    .string()
    .regex(/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/)
    .optional(),
  logFormat: z.enum(['Text', 'JSON']).optional(),
  logLevel: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
  codeCache: z.boolean().optional(),
  concurrency: z.int().min(0).optional(),
  layers: z.array(z.string()).max(5).optional(),
  role: z.string().optional(),
});

/** What `pilotlight.json` may say; every key is optional there. */
type SettingsFile = z.infer<typeof SETTINGS>;

/** A function's settings, complete: options first, then `pilotlight.json`, then defaults. */
export interface FunctionSettings {
  readonly name: string;
  readonly handler: string;
  /** Name of the interpreter layer; `node` unless said. */
  readonly interpreter: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly memoryMiB: number;
  readonly timeoutS: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly url: 'none' | 'buffered' | 'stream';
  /** Leads to the version that was deployed last. */
  readonly alias?: string | undefined;
  readonly logFormat: 'Text' | 'JSON';
  /** Counts with the format JSON alone, as on Lambda. */
  readonly logLevel: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  /** Whether its zip holds the bundle's code as Node compiles it. */
  readonly codeCache?: boolean;
  readonly concurrency: number;
  readonly layers: readonly string[];
  readonly role: string | undefined;
}

/** The machine's architecture in Lambda's words. */
export const MACHINE_ARCH = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/**
 * Reads a function's settings.
 *
 * @param source the function's folder, or its zip (which carries no settings)
 * @param overrides what options say; each wins over the file
 * @returns all settings; the name falls back to that of the folder or zip
 * @throws {ToolError} `USAGE` when `pilotlight.json` or an option is not valid, naming the key
 */
export async function readFunctionSettings(
  source: string,
  overrides: { readonly [Key in keyof SettingsFile]?: unknown } = {},
): Promise<FunctionSettings> {
  const file = source.endsWith('.zip') ? {} : await readSettingsFile(join(source, 'pilotlight.json'));
  const options = parse(overrides, 'the options');
  const merged = { ...file, ...definedOnly(options) };
  const fallbackName = basename(resolve(source), '.zip').replace(/^function-/, '');
  const name = parse({ name: merged.name ?? fallbackName }, `the name of "${source}"`).name as string;
  const url = merged.url ?? 'none';
  return {
    name,
    handler: merged.handler ?? 'function.handler',
    interpreter: merged.interpreter ?? 'node',
    arch: merged.arch ?? MACHINE_ARCH,
    memoryMiB: merged.memoryMiB ?? 256,
    timeoutS: merged.timeoutS ?? 3,
    // The runtime cannot see how it is called, and web functions would send a URL that streams whole answers.
    environment: {
      ...(url === 'stream' ? { PILOTLIGHT_STREAM: 'on' } : {}),
      // Beside the layer that the bootstrap runs on it would have to be told by the bundle's name.
      ...(merged.interpreter === undefined ? {} : { PILOTLIGHT_INTERPRETER: merged.interpreter }),
      ...file.environment,
      ...options.environment,
    },
    url,
    alias: merged.alias,
    logFormat: merged.logFormat ?? 'Text',
    logLevel: merged.logLevel ?? 'INFO',
    ...(merged.codeCache === true && { codeCache: true }),
    concurrency: merged.concurrency ?? 0,
    layers: merged.layers ?? [],
    role: merged.role,
  };
}

async function readSettingsFile(path: string): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ToolError('CANNOT', `Cannot read "${path}": ${(error as Error).message}`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ToolError('USAGE', `Cannot read "${path}": ${(error as Error).message}`, { cause: error });
  }
  return parse(value, `"${path}"`);
}

function parse(value: unknown, where: string): SettingsFile {
  const parsed = SETTINGS.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`,
  );
  throw new ToolError('USAGE', `Cannot use ${where}: ${problems.join('; ')}`);
}

function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
