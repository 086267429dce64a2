import { basename } from 'node:path';
import { serverlessId } from '../export/serverless-id.ts';
import { isRecord, type Remaining } from './remaining.ts';
import { findLayer, type ServerlessLayers } from './serverless-layers.ts';

/** What a function is read with. */
export interface FunctionSource {
  /** The file, from which is taken what is understood. */
  readonly file: Remaining;
  readonly layers: ServerlessLayers;
  /** What the file says for all functions. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Hears of what cannot be taken over as it is. */
  differ(path: string, why: string): void;
}

/** What the framework takes where nothing is said: other than pilotlight. */
const DEFAULTS = { memorySize: 1024, timeout: 6, architecture: 'x86_64' } as const;
const UNRESOLVED = 'its value is known to the Serverless Framework alone: write it out';
const NAME = /^[a-zA-Z0-9-_]{1,64}$/;
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/**
 * Takes a function's settings, as `pilotlight.json` says them.
 *
 * @param key the function's in the file
 * @param source what it is read with
 */
export function importFunction(key: string, source: FunctionSource): Record<string, unknown> {
  const { file, defaults, differ } = source;
  const at = (name: string) => `functions.${key}.${name}`;
  const take = (name: string) => file.take('functions', key, name);
  const plain = (name: string, type: 'string' | 'number') => {
    const value = take(name) ?? defaults[name];
    if (value === undefined || (typeof value === type && !isTemplate(value))) return value;
    differ(at(name), UNRESOLVED);
    return undefined;
  };
  file.take('functions', key, 'description');
  const name = plain('name', 'string');
  const environment = importEnvironment(key, source);
  const { layers, interpreter } = importLayers(key, source);
  const url = importUrl(key, source);
  sayRuntime(plain('runtime', 'string'), at('runtime'), differ);
  // It is Node's unless said, and where it is said the function is told.
  const isNamed = environment.PILOTLIGHT_INTERPRETER === interpreter || interpreter !== 'node';
  // These follow from other settings, and would stay when those change.
  if (environment.PILOTLIGHT_INTERPRETER === interpreter) delete environment.PILOTLIGHT_INTERPRETER;
  if (url === 'stream' && environment.PILOTLIGHT_STREAM === 'on') delete environment.PILOTLIGHT_STREAM;
  sayCode(key, source);
  const handler = plain('handler', 'string');
  const settings = {
    name: typeof name === 'string' && NAME.test(name) ? name : key,
    handler,
    interpreter: isNamed ? interpreter : undefined,
    arch: plain('architecture', 'string') ?? DEFAULTS.architecture,
    memoryMiB: plain('memorySize', 'number') ?? DEFAULTS.memorySize,
    timeoutS: plain('timeout', 'number') ?? DEFAULTS.timeout,
    environment: Object.keys(environment).length > 0 ? environment : undefined,
    url,
    ...importLogging(key, file),
    concurrency: importConcurrency(take('reservedConcurrency'), at('reservedConcurrency'), differ),
    layers: layers.length > 0 ? layers : undefined,
    role: importRole(take('role') ?? defaults.role, at('role'), differ),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function importEnvironment(key: string, { file, defaults, differ }: FunctionSource): Record<string, string> {
  const own = file.take('functions', key, 'environment');
  const environment: Record<string, string> = {};
  for (const [from, values] of [
    ['provider', defaults.environment],
    [`functions.${key}`, own],
  ] as const) {
    if (values !== undefined && !isRecord(values)) differ(`${from}.environment`, UNRESOLVED);
    for (const [name, value] of Object.entries(isRecord(values) ? values : {})) {
      const path = `${from}.environment.${name}`;
      delete environment[name];
      if (value === null) continue;
      if (isRecord(value) || Array.isArray(value) || isTemplate(value)) differ(path, UNRESOLVED);
      else if (!VARIABLE.test(name)) differ(path, 'Lambda takes two or more letters, digits and _ as a name');
      else environment[name] = String(value).replaceAll('\\${', '${');
    }
  }
  return environment;
}

function importLayers(key: string, { file, layers, defaults, differ }: FunctionSource) {
  const entries = file.take('functions', key, 'layers') ?? defaults.layers ?? [];
  const paths: string[] = [];
  let interpreter: string | undefined;
  for (const [index, entry] of (Array.isArray(entries) ? entries : [entries]).entries()) {
    const path = `functions.${key}.layers.${index}`;
    const layer = findLayer(entry, layers);
    if (layer === undefined)
      differ(path, 'expected an ARN, or {Ref: …} with the name of a layer of this file');
    else if (layer.kind === 'arn') paths.push(layer.arn);
    else if (layer.kind === 'zip') paths.push(layer.path);
    else if (layer.kind === 'folder') {
      paths.push(`${layer.path.replace(/\/+$/, '')}.zip`);
      differ(path, `layers are zips here: (cd ${layer.path} && zip -qry "$OLDPWD/${paths.at(-1)}" .)`);
    }
    // Node's lies below that of an interpreter which cannot run the bootstrap.
    else if (layer.kind === 'interpreter') interpreter = layer.name;
  }
  return { layers: paths, interpreter };
}

function importUrl(key: string, { file, differ }: FunctionSource): 'buffered' | 'stream' | undefined {
  const whole = file.take('functions', key, 'url');
  if (whole === undefined || whole === false) return undefined;
  const path = `functions.${key}.url`;
  const { authorizer, invokeMode, ...others } = isRecord(whole) ? whole : {};
  if (authorizer !== 'aws_iam')
    differ(path, 'everybody may call it there; here, callers with rights (AWS_IAM)');
  for (const name of Object.keys(others)) differ(`${path}.${name}`, 'a URL here has no such setting');
  return invokeMode === 'RESPONSE_STREAM' ? 'stream' : 'buffered';
}

/** Version 3 has it where resources are changed that the framework made. */
function importLogging(key: string, file: Remaining) {
  const path = [
    'resources',
    'extensions',
    `${serverlessId(key)}LambdaFunction`,
    'Properties',
    'LoggingConfig',
  ];
  return {
    logFormat: file.take(...path, 'LogFormat'),
    logLevel: file.take(...path, 'ApplicationLogLevel'),
  };
}

function importConcurrency(value: unknown, path: string, differ: FunctionSource['differ']) {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0) return value;
  differ(path, value === 0 ? '0 stops the function there, and reserves nothing here' : UNRESOLVED);
  return undefined;
}

function importRole(value: unknown, path: string, differ: FunctionSource['differ']): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.startsWith('arn:') && !isTemplate(value)) return value;
  differ(path, 'expected the ARN of a role');
  return undefined;
}

function sayRuntime(runtime: unknown, path: string, differ: FunctionSource['differ']): void {
  if (runtime === undefined || runtime === 'provided.al2023') return;
  const why = String(runtime).startsWith('provided')
    ? 'becomes "provided.al2023"; where a layer or the code brings a bootstrap of its own, that one runs'
    : String(runtime).startsWith('nodejs')
      ? 'becomes the interpreter node: pilotlight layers --list says its version'
      : 'has no interpreter here: pilotlight layers --list says which there are';
  differ(path, `"${runtime}" ${why}`);
}

function sayCode(key: string, { file, defaults, differ }: FunctionSource): void {
  const artifact = file.take('functions', key, 'package', 'artifact') ?? defaults.artifact;
  if (artifact === undefined || /^function-.+\.zip$/.test(basename(String(artifact)))) return;
  const path = `functions.${key}.package.artifact`;
  differ(path, `the code is ready in "${artifact}": name it in place of the folder, the settings as options`);
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && /(?<!\\)\$\{/.test(value);
}
