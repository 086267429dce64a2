import { z } from 'zod';
import { MACHINE_ARCH } from '../../cli/function-settings.ts';
import { BARE_SETTINGS } from '../lambda-variables.ts';
import type { StoredCode } from './code-store.ts';
import { type FunctionSpec, SPEC_DEFAULTS } from './function-spec.ts';
import type { LayerStore, LayerVersion } from './layer-store.ts';
import { invalidParameter } from './refusals.ts';

const MAX_LAYERS = 5;
/** Of all variables together, in bytes. */
const MAX_VARIABLE_BYTES = 4096;
/** What the platform sets and nobody may replace. */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);
const RUNTIMES = ['provided.al2023', 'provided.al2'] as const;

/** What may be said of a function besides its code. */
export const CONFIGURATION_INPUT = {
  Role: z
    .string()
    .regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, 'expected the ARN of a role')
    .optional(),
  Handler: z
    .string()
    .regex(/^\S{0,128}$/, 'expected at most 128 characters without spaces')
    .optional(),
  Description: z.string().max(256).optional(),
  Timeout: z.int().min(1).max(900).optional(),
  MemorySize: z.int().min(128).max(10_240).optional(),
  Runtime: z.string().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).optional() }).optional(),
  TracingConfig: z.object({ Mode: z.enum(['Active', 'PassThrough']).optional() }).optional(),
  EphemeralStorage: z.object({ Size: z.int().min(512).max(10_240) }).optional(),
  Layers: z.array(z.string()).optional(),
  LoggingConfig: z
    .object({
      LogFormat: z.enum(['Text', 'JSON']).optional(),
      ApplicationLogLevel: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
    })
    .optional(),
} as const;

type ConfigurationInput = z.infer<z.ZodObject<typeof CONFIGURATION_INPUT>>;

/**
 * Makes the specification of a function from what was said, and from what it was before.
 *
 * @param base what counts where nothing was said
 * @throws {ServiceError} `InvalidParameterValueException`
 */
export function applyConfiguration(
  base: FunctionSpec,
  input: ConfigurationInput,
  layers: LayerStore,
): FunctionSpec {
  const { settings } = base;
  return {
    ...base,
    runtime: checkedRuntime(input.Runtime ?? base.runtime),
    role: input.Role ?? base.role,
    description: input.Description ?? base.description,
    tracingMode: input.TracingConfig?.Mode ?? base.tracingMode,
    ephemeralMiB: input.EphemeralStorage?.Size ?? base.ephemeralMiB,
    layers: input.Layers === undefined ? base.layers : findLayers(input.Layers, layers),
    settings: {
      ...settings,
      handler: input.Handler ?? settings.handler,
      timeoutS: input.Timeout ?? settings.timeoutS,
      memoryMiB: input.MemorySize ?? settings.memoryMiB,
      environment:
        input.Environment === undefined
          ? settings.environment
          : checkedVariables(input.Environment.Variables ?? {}),
      logFormat: input.LoggingConfig?.LogFormat ?? settings.logFormat,
      logLevel: input.LoggingConfig?.ApplicationLogLevel ?? settings.logLevel,
    },
  };
}

/** The specification of a function of which nothing was said but its name and its code. */
export function bareSpec(name: string, code: StoredCode): FunctionSpec {
  return {
    ...SPEC_DEFAULTS,
    layers: [],
    code,
    settings: { ...BARE_SETTINGS, name, memoryMiB: 128, timeoutS: 3 },
  };
}

/**
 * Fails for functions that cannot run here.
 *
 * @param architectures as the caller named them; x86_64 where nothing was said, as on Lambda
 * @throws {ServiceError} `InvalidParameterValueException`
 */
export function requireMachineArchitecture(architectures: readonly string[] = ['x86_64']): void {
  if (architectures.length === 1 && architectures[0] === MACHINE_ARCH) return;
  throw invalidParameter(
    `Architectures [${architectures.join(', ')}] cannot run in this local Lambda, expected [${MACHINE_ARCH}]`,
  );
}

function checkedRuntime(runtime: string): string {
  if (RUNTIMES.some((known) => known === runtime)) return runtime;
  throw invalidParameter(
    `Runtime ${runtime} is not in the local Lambda, expected one of [${RUNTIMES.join(', ')}]`,
  );
}

function checkedVariables(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const reserved = Object.keys(variables).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes <= MAX_VARIABLE_BYTES) return variables;
  throw invalidParameter(
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit: ${bytes} bytes`,
  );
}

function findLayers(arns: readonly string[], layers: LayerStore): readonly LayerVersion[] {
  if (arns.length > MAX_LAYERS) throw invalidParameter(`Cannot reference more than ${MAX_LAYERS} layers.`);
  const found = arns.map((arn) => {
    try {
      return layers.get(arn);
    } catch {
      throw invalidParameter(`Layer version ${arn} does not exist.`);
    }
  });
  const twice = found.find((layer, index) => found.findIndex(({ name }) => name === layer.name) !== index);
  if (twice !== undefined)
    throw invalidParameter(`Two different versions of the same layer are not allowed: ${twice.name}`);
  return found;
}
