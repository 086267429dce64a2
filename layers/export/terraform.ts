import { invokeMode } from '../deploy/invoke-mode.ts';
import type { Deployment } from './deployment.ts';
import { LOG_RETENTION_DAYS, RUNTIME } from './function-properties.ts';
import { snakeCase } from './identifier.ts';

/** Names and expressions, one a line. */
type Attributes = Readonly<Record<string, string | undefined>>;

/**
 * Writes a configuration for Terraform, as `terraform fmt` leaves it.
 *
 * @param deployment what is deployed
 */
export function renderTerraform(deployment: Deployment): string {
  const { settings, layers } = deployment;
  const url = invokeMode(settings);
  const blocks = [
    `# The function "${settings.name}" on pilotlight: terraform init && terraform apply\n` +
      block('terraform', block('required_providers', provider())),
    ...layers.flatMap((layer) =>
      typeof layer === 'string'
        ? []
        : block(
            `resource "aws_lambda_layer_version" ${text(snakeCase(layer.id))}`,
            attributes({
              layer_name: text(layer.name),
              ...zipAttributes(layer.zip),
              compatible_runtimes: list([text(RUNTIME)]),
              compatible_architectures: list(layer.archs.map(text)),
            }),
          ),
    ),
    ...(settings.role === undefined ? ownRole(settings.name) : []),
    block('resource "aws_lambda_function" "function"', functionBody(deployment)),
    ...(url === undefined ? [] : functionUrl(url)),
  ];
  return blocks.join('\n');
}

function functionBody({ settings, layers, code }: Deployment): string {
  const { name, handler, arch, memoryMiB, timeoutS, environment, concurrency, role } = settings;
  const arns = layers.map((layer) =>
    typeof layer === 'string' ? text(layer) : `aws_lambda_layer_version.${snakeCase(layer.id)}.arn`,
  );
  const isJson = settings.logFormat === 'JSON';
  const logging = {
    log_format: text(settings.logFormat),
    application_log_level: isJson ? text(settings.logLevel) : undefined,
    log_group: role === undefined ? 'aws_cloudwatch_log_group.function.name' : undefined,
  };
  const body = [
    attributes({
      function_name: text(name),
      runtime: text(RUNTIME),
      architectures: list([text(arch)]),
      handler: text(handler),
      memory_size: String(memoryMiB),
      timeout: String(timeoutS),
      role: role === undefined ? 'aws_iam_role.function.arn' : text(role),
      ...zipAttributes(code),
      reserved_concurrent_executions: concurrency > 0 ? String(concurrency) : undefined,
    }),
    `# Later layers win.\nlayers = [\n${arns.map((arn) => `  ${arn},\n`).join('')}]\n`,
    ...variables(environment),
    block('logging_config', attributes(logging)),
  ];
  return body.join('\n');
}

function variables(environment: Readonly<Record<string, string>>): string[] {
  const names = Object.entries(environment).map(([key, value]) => [key, text(value)]);
  if (names.length === 0) return [];
  return [block('environment', `variables = {\n${indent(attributes(Object.fromEntries(names)))}}\n`)];
}

function provider(): string {
  // Older ones do not know how a function's log is written.
  return `aws = {\n${indent(attributes({ source: text('hashicorp/aws'), version: text('>= 5.32') }))}}\n`;
}

function ownRole(name: string): string[] {
  const lambda = block(
    'principals',
    attributes({ type: text('Service'), identifiers: list([text('lambda.amazonaws.com')]) }),
  );
  const taking = `${attributes({ actions: list([text('sts:AssumeRole')]) })}\n${lambda}`;
  const writing = attributes({
    actions: list(['logs:CreateLogStream', 'logs:PutLogEvents'].map(text)),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
    resources: list(['"${aws_cloudwatch_log_group.function.arn}:*"']),
  });
  const group = { name: text(`/aws/lambda/${name}`), retention_in_days: String(LOG_RETENTION_DAYS) };
  const json = (document: string) => `data.aws_iam_policy_document.${document}.json`;
  const policy = { name: text('own-log'), role: 'aws_iam_role.function.id', policy: json('own_log') };
  const role = { name: text(`pilotlight-${name}`.slice(0, 64)), assume_role_policy: json('trust') };
  return [
    block('resource "aws_cloudwatch_log_group" "function"', attributes(group)),
    block('data "aws_iam_policy_document" "trust"', block('statement', taking)),
    `# May write the own log and nothing else.\n${block('data "aws_iam_policy_document" "own_log"', block('statement', writing))}`,
    block('resource "aws_iam_role" "function"', attributes(role)),
    block('resource "aws_iam_role_policy" "own_log"', attributes(policy)),
  ];
}

function functionUrl(mode: string): string[] {
  const url = {
    function_name: 'aws_lambda_function.function.function_name',
    authorization_type: text('AWS_IAM'),
    invoke_mode: text(mode),
  };
  return [
    block('resource "aws_lambda_function_url" "function"', attributes(url)),
    block('output "url"', attributes({ value: 'aws_lambda_function_url.function.function_url' })),
  ];
}

function zipAttributes(zip: string): Attributes {
  return { filename: text(zip), source_code_hash: `filebase64sha256(${text(zip)})` };
}

function block(head: string, body: string): string {
  return `${head} {\n${indent(body)}}\n`;
}

function attributes(values: Attributes): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const width = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)} = ${value}\n`).join('');
}

function indent(lines: string): string {
  return lines.replaceAll(/^(?=.)/gm, '  ');
}

function list(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}

/** As in JSON, but that `${` and `%{` begin templates, and `\b` and `\f` are not known. */
function text(value: string): string {
  const json = JSON.stringify(value).replaceAll(/([$%])\{/g, '$1$1{');
  return json.replaceAll(/\\(.)/g, (sequence, letter) =>
    letter === 'b' ? '\\u0008' : letter === 'f' ? '\\u000c' : sequence,
  );
}
