import { ref } from './cloudformation-yaml.ts';
import type { Deployment, DeploymentLayer } from './deployment.ts';
import { pascalCase } from './identifier.ts';

/** The runtime that Lambda provides. */
export const RUNTIME = 'provided.al2023';
/** How long lines of the log are kept where the export makes the log group itself. */
export const LOG_RETENTION_DAYS = 30;

/**
 * A layer's name within a template.
 *
 * @param layer the layer
 */
export function layerId({ id }: Pick<DeploymentLayer, 'id'>): string {
  return `${pascalCase(id)}Layer`;
}

/**
 * A layer's properties, but for its zip, which CloudFormation and SAM call otherwise.
 *
 * @param layer the layer
 */
export function layerProperties({ name, archs }: DeploymentLayer) {
  return { LayerName: name, CompatibleRuntimes: [RUNTIME], CompatibleArchitectures: archs };
}

/**
 * A function's properties in the words of CloudFormation and SAM, but for its zip and role. What is as Lambda has it by
 * itself is left out.
 *
 * @param deployment what is deployed
 */
export function functionProperties({ settings, layers }: Deployment) {
  const { name, handler, arch, memoryMiB, timeoutS, environment, concurrency } = settings;
  const logging = loggingConfig(settings);
  return {
    FunctionName: name,
    Runtime: RUNTIME,
    Architectures: [arch],
    Handler: handler,
    MemorySize: memoryMiB,
    Timeout: timeoutS,
    Layers: layers.map((layer) => (typeof layer === 'string' ? layer : ref(layerId(layer)))),
    ...(Object.keys(environment).length > 0 ? { Environment: { Variables: environment } } : {}),
    ...(concurrency > 0 ? { ReservedConcurrentExecutions: concurrency } : {}),
    ...(logging === undefined ? {} : { LoggingConfig: logging }),
  };
}

/**
 * How a function's log is written.
 *
 * @param settings of the function
 * @returns undefined where that is as Lambda does it by itself
 */
export function loggingConfig({ logFormat, logLevel }: Deployment['settings']) {
  return logFormat === 'JSON' ? { LogFormat: logFormat, ApplicationLogLevel: logLevel } : undefined;
}
