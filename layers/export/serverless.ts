import { invokeMode } from '../deploy/invoke-mode.ts';
import { renderYaml } from './cloudformation-yaml.ts';
import type { Deployment } from './deployment.ts';
import { loggingConfig, RUNTIME } from './function-properties.ts';
import { camelCase } from './identifier.ts';
import { serverlessId } from './serverless-id.ts';

/**
 * Writes a `serverless.yml` for version 3 of the Serverless Framework.
 *
 * @param deployment what is deployed
 */
export function renderServerless({ settings, layers, code }: Deployment): string {
  const { name, handler, arch, memoryMiB, timeoutS, environment, concurrency, role } = settings;
  const ids = layers.map((layer) => (typeof layer === 'string' ? layer : camelCase(layer.id)));
  const made = layers.flatMap((layer, index) => {
    if (typeof layer === 'string') return [];
    const { zip, archs } = layer;
    const about = { compatibleRuntimes: [RUNTIME], compatibleArchitectures: archs };
    return [[ids[index], { name: layer.name, package: { artifact: zip }, ...about }]];
  });
  const InvokeMode = invokeMode(settings);
  const fn = {
    name,
    handler,
    package: { artifact: code },
    memorySize: memoryMiB,
    timeout: timeoutS,
    ...(Object.keys(environment).length > 0 ? { environment: literal(environment) } : {}),
    layers: layers.map((layer, index) =>
      typeof layer === 'string' ? layer : { Ref: `${serverlessId(ids[index] ?? '')}LambdaLayer` },
    ),
    ...(concurrency > 0 ? { reservedConcurrency: concurrency } : {}),
    ...(role === undefined ? {} : { role }),
    ...(InvokeMode === undefined ? {} : { url: { authorizer: 'aws_iam', invokeMode: InvokeMode } }),
  };
  const LoggingConfig = loggingConfig(settings);
  const extended = { [`${serverlessId(name)}LambdaFunction`]: { Properties: { LoggingConfig } } };
  const content = {
    service: /^[a-zA-Z]./.test(name) ? name.replaceAll('_', '-') : `function-${name.replaceAll('_', '-')}`,
    frameworkVersion: '3',
    configValidationMode: 'error',
    provider: { name: 'aws', runtime: RUNTIME, architecture: arch },
    layers: Object.fromEntries(made),
    functions: { [name]: fn },
    ...(LoggingConfig === undefined ? {} : { resources: { extensions: extended } }),
  };
  return renderYaml(`The function "${name}" on pilotlight: serverless deploy --region REGION`, content, {
    [`functions/${name}/layers`]:
      'By the names that the framework gives to the layers above. Later layers win.',
    'resources/extensions': 'Version 3 has no words for the format of the log.',
  });
}

/** The framework would look for a value of its own wherever `${…}` stands. */
function literal(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, value.replaceAll('${', '\\${')]),
  );
}
