import { parse } from 'yaml';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { CLOUDFORMATION_TAGS } from '../export/cloudformation-yaml.ts';
import { isRecord, Remaining } from './remaining.ts';
import { importFunction } from './serverless-function.ts';
import { takeLayers } from './serverless-layers.ts';

/** Something of the file that `pilotlight.json` does not say, or says otherwise. */
export interface Difference {
  /** Where it stands in the file, joined with dots. */
  readonly path: string;
  readonly why: string;
}

/** A function of the file. */
export interface ImportedFunction {
  /** What the file calls it. */
  readonly key: string;
  /** What `pilotlight.json` is to say, whose paths are relative to the file's folder. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a `serverless.yml` comes to. */
export interface Imported {
  readonly functions: readonly ImportedFunction[];
  readonly differences: readonly Difference[];
}

/** What is left, by how its path begins, and what there is instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [
    /^functions\.[^.]+\.events/,
    'pilotlight sets up no events but "url": do it by the tool that owns their source',
  ],
  [
    /^functions\.[^.]+\.url\./,
    'a URL here answers callers with rights (AWS_IAM) and has no further settings',
  ],
  [/^provider\.(?:region|profile|stage)$/, 'options of deploy: --region, --profile, another "name"'],
  [
    /^provider\.(?:iam|iamRoleStatements)/,
    'the role made by deploy may write the log alone: name one of your own in "role"',
  ],
  [/^(?:plugins|custom)/, 'plugins of the Serverless Framework do not run here'],
  [/^resources/, 'other resources stay with a tool that makes them'],
  [
    /package\.(?:patterns|include|exclude|individually)$|^package$/,
    'pilotlight build bundles what is imported; --include ships more',
  ],
];

/**
 * Reads a `serverless.yml` and says what of it `pilotlight.json` cannot say.
 *
 * @param text of the file
 * @throws {ToolError} `USAGE` when it is no YAML, not for AWS, or has no functions
 */
export function importServerless(text: string): Imported {
  let content: unknown;
  try {
    content = parse(text, { customTags: [...CLOUDFORMATION_TAGS] });
  } catch (error) {
    throw new ToolError('USAGE', `Cannot read the file as YAML: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (!isRecord(content) || !isRecord(content.functions)) {
    throw new ToolError('USAGE', 'Cannot import the file: it has no "functions", expected a serverless.yml');
  }
  const file = new Remaining(structuredClone(content));
  const provider = isRecord(content.provider) ? file.take('provider', 'name') : file.take('provider');
  if (provider !== 'aws') {
    throw new ToolError('USAGE', `Cannot import for the provider "${provider}", expected "aws"`);
  }
  for (const key of ['service', 'frameworkVersion', 'configValidationMode']) file.take(key);
  const differences: Difference[] = [];
  const layers = takeLayers(file);
  const defaults = takeDefaults(file);
  const functions = file.names('functions').map((key) => ({
    key,
    settings: importFunction(key, {
      file,
      layers,
      defaults,
      differ: (path, why) => differences.push({ path, why }),
    }),
  }));
  const left = file.left().map((path) => ({ path, why: insteadOf(path) }));
  return { functions, differences: [...differences, ...left] };
}

/** What the file says for all functions, by the names that a function says it with. */
function takeDefaults(file: Remaining): Record<string, unknown> {
  const names = ['runtime', 'memorySize', 'timeout', 'architecture', 'environment', 'layers'];
  const defaults = Object.fromEntries(names.map((name) => [name, file.take('provider', name)]));
  // Beside an ARN there can be statements, which are left.
  const role = file.take('provider', 'role') ?? file.takeText('provider', 'iam', 'role');
  return { ...defaults, role, artifact: file.take('package', 'artifact') };
}

function insteadOf(path: string): string {
  return INSTEAD.find(([pattern]) => pattern.test(path))?.[1] ?? 'pilotlight has nothing of the kind';
}
