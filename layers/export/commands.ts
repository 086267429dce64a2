import { invokeMode } from '../deploy/invoke-mode.ts';
import { ownLogOf, TRUST } from '../deploy/own-log.ts';
import { roleName } from '../deploy/plan.ts';
import type { Deployment } from './deployment.ts';
import { loggingConfig, RUNTIME } from './function-properties.ts';

/**
 * Writes a shell script of `aws` commands that creates the function, or makes it what it should be.
 *
 * @param deployment what is deployed
 */
export function renderCommands({ settings, layers, code }: Deployment): string {
  const { name, role } = settings;
  const steps = layers.map((layer) => {
    if (typeof layer === 'string') return `layers="$layers ${layer}"`;
    const { id, zip, archs } = layer;
    const part =
      id === 'runtime' ? 'runtime' : layer.name.includes('-interpreter-') ? 'interpreter' : 'layer';
    return `layer ${part} ${layer.name} ${text(zip)} ${archs.join(' ')}`;
  });
  return `#!/bin/sh
# Creates the function "${name}" on pilotlight, or updates it; layers whose zips are published already stay as they are.
# AWS_OPTIONS go to each call: AWS_OPTIONS='--region eu-central-1' sh FILE
# Wants aws 2.14 or newer: older ones know no way to say how a URL answers or a log is written.
set -eu

aws() {
  # shellcheck disable=SC2086
  command aws "$@" \${AWS_OPTIONS:-}
}

# Adds the version of a layer that holds a zip, and publishes it if there is none: PART NAME ZIP ARCHITECTURE...
layer() {
  description="pilotlight $1 sha256:$(sha256sum "$3" | cut -d ' ' -f 1)"
  arn=$(aws lambda list-layer-versions --layer-name "$2" --no-paginate --output text \\
    --query "LayerVersions[?Description=='$description'] | [0].LayerVersionArn")
  if [ "$arn" = None ]; then
    layer_name=$2
    zip=$3
    shift 3
    arn=$(aws lambda publish-layer-version --layer-name "$layer_name" --zip-file "fileb://$zip" \\
      --description "$description" --compatible-runtimes ${RUNTIME} --compatible-architectures "$@" \\
      --output text --query LayerVersionArn)
  fi
  layers="$layers $arn"
}

# Later layers win.
layers=
${steps.join('\n')}

${role === undefined ? ownRole(name) : `role=${text(role)}`}

# What a function is told when it is created and when it is updated.
set -- --function-name ${name} --role "$role" --layers $layers \\
${options(settings)}

if aws lambda get-function --function-name ${name} >/dev/null 2>&1; then
  aws lambda update-function-configuration "$@" >/dev/null
  aws lambda wait function-updated --function-name ${name}
  aws lambda update-function-code --function-name ${name} --architectures ${settings.arch} --zip-file ${text(`fileb://${code}`)} >/dev/null
  aws lambda wait function-updated --function-name ${name}
else
  aws lambda create-function "$@" --runtime ${RUNTIME} --architectures ${settings.arch} --zip-file ${text(`fileb://${code}`)} >/dev/null
  aws lambda wait function-active --function-name ${name}
fi
${around(settings)}
aws lambda get-function-configuration --function-name ${name} --output text --query FunctionArn
`;
}

function ownRole(name: string): string {
  const role = roleName(name);
  return `# The role may write the function's log and nothing else. ROLE=ARN takes another.
role=\${ROLE:-}
if [ -z "$role" ]; then
  if ! role=$(aws iam get-role --role-name ${role} --output text --query Role.Arn 2>/dev/null); then
    role=$(aws iam create-role --role-name ${role} --output text --query Role.Arn \\
      --assume-role-policy-document ${text(JSON.stringify(TRUST))})
    sleep 10 # A new role is known everywhere only after some seconds.
  fi
  aws iam put-role-policy --role-name ${role} --policy-name own-log \\
    --policy-document ${text(JSON.stringify(ownLogOf(name)))}
fi`;
}

function options(settings: Deployment['settings']): string {
  const logging = loggingConfig(settings);
  const given = [
    `--handler ${text(settings.handler)} --memory-size ${settings.memoryMiB} --timeout ${settings.timeoutS}`,
    `--environment ${text(JSON.stringify({ Variables: settings.environment }))}`,
    ...(logging === undefined ? [] : [`--logging-config ${text(JSON.stringify(logging))}`]),
  ];
  return given.map((line) => `  ${line}`).join(' \\\n');
}

function around(settings: Deployment['settings']): string {
  const { name, concurrency } = settings;
  const mode = invokeMode(settings);
  const lines: string[] = [];
  if (concurrency > 0) {
    const reserved = `--reserved-concurrent-executions ${concurrency}`;
    lines.push(`aws lambda put-function-concurrency --function-name ${name} ${reserved} >/dev/null`);
  }
  if (mode !== undefined) {
    const url = `--function-name ${name} --auth-type AWS_IAM --invoke-mode ${mode}`;
    lines.push(
      `aws lambda create-function-url-config ${url} >/dev/null 2>&1 ||`,
      `  aws lambda update-function-url-config ${url} >/dev/null`,
    );
  }
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function text(value: string): string {
  return /^[\w./:@=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
