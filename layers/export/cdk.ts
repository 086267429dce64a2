import { invokeMode } from '../deploy/invoke-mode.ts';
import type { Deployment, DeploymentLayer } from './deployment.ts';
import { camelCase, pascalCase } from './identifier.ts';

/**
 * Writes a construct for version 2 of the AWS CDK.
 *
 * @param deployment what is deployed
 */
export function renderCdk(deployment: Deployment): string {
  const { settings, layers } = deployment;
  const { name, role } = settings;
  const made = layers.filter((layer) => typeof layer !== 'string');
  const mode = invokeMode(settings);
  const imports = [
    "import { Duration } from 'aws-cdk-lib';",
    ...(role === undefined ? [] : ["import { Role } from 'aws-cdk-lib/aws-iam';"]),
    "import * as lambda from 'aws-cdk-lib/aws-lambda';",
    ...(role === undefined ? ["import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';"] : []),
    "import { Construct } from 'constructs';",
  ];
  return `${imports.join('\n')}

/** The function ${text(name)} on pilotlight. Paths are relative to the folder in which the app is run. */
export class ${className(name)} extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string) {
    super(scope, id);
${made.map(layerStatement).join('')}
    this.function = new lambda.Function(this, 'Function', {
${properties(deployment)}    });
${mode === undefined ? '' : urlStatement(mode)}  }
}
`;
}

function layerStatement(layer: DeploymentLayer): string {
  return `    const ${layerVariable(layer)} = new lambda.LayerVersion(this, '${pascalCase(layer.id)}Layer', {
      layerVersionName: ${text(layer.name)},
      code: lambda.Code.fromAsset(${text(layer.zip)}),
      compatibleRuntimes: [lambda.Runtime.PROVIDED_AL2023],
      compatibleArchitectures: [${layer.archs.map(architecture).join(', ')}],
    });
`;
}

function properties({ settings, layers, code }: Deployment): string {
  const { name, handler, arch, memoryMiB, timeoutS, environment, concurrency, role } = settings;
  const used = layers.map((layer, index) =>
    typeof layer === 'string'
      ? `lambda.LayerVersion.fromLayerVersionArn(this, 'Layer${index + 1}', ${text(layer)})`
      : layerVariable(layer),
  );
  const variables = Object.entries(environment).map(([key, value]) => `        ${key}: ${text(value)},\n`);
  const group = `new LogGroup(this, 'LogGroup', {
        logGroupName: ${text(`/aws/lambda/${name}`)},
        retention: RetentionDays.ONE_MONTH,
      })`;
  const lines = {
    functionName: text(name),
    runtime: 'lambda.Runtime.PROVIDED_AL2023',
    architecture: architecture(arch),
    handler: text(handler),
    memorySize: memoryMiB,
    timeout: `Duration.seconds(${timeoutS})`,
    code: `lambda.Code.fromAsset(${text(code)})`,
    layers: `[\n        // Later layers win.\n${used.map((layer) => `        ${layer},\n`).join('')}      ]`,
    ...(variables.length > 0 ? { environment: `{\n${variables.join('')}      }` } : {}),
    ...(concurrency > 0 ? { reservedConcurrentExecutions: concurrency } : {}),
    ...(settings.logFormat === 'JSON'
      ? {
          loggingFormat: 'lambda.LoggingFormat.JSON',
          applicationLogLevelV2: `lambda.ApplicationLogLevel.${settings.logLevel}`,
        }
      : {}),
    ...(role === undefined ? { logGroup: group } : { role: `Role.fromRoleArn(this, 'Role', ${text(role)})` }),
  };
  return Object.entries(lines)
    .map(([key, value]) => `      ${key}: ${value},\n`)
    .join('');
}

function urlStatement(mode: string): string {
  return `    this.function.addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.AWS_IAM,
      invokeMode: lambda.InvokeMode.${mode},
    });
`;
}

function architecture(arch: 'x86_64' | 'arm64'): string {
  return `lambda.Architecture.${arch === 'arm64' ? 'ARM_64' : 'X86_64'}`;
}

function layerVariable({ id }: DeploymentLayer): string {
  return `${camelCase(id)}Layer`;
}

function className(name: string): string {
  return /^[a-zA-Z]/.test(name) ? pascalCase(name) : `Function${pascalCase(name)}`;
}

function text(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1);
  return `'${escaped.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
