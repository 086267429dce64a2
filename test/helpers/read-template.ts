import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { CLOUDFORMATION_TAGS } from '../../layers/export/cloudformation-yaml.ts';
import type { Told } from './exported.ts';

/** A template of CloudFormation or SAM, with functions in their long form. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: of any shape, asserts look at it
  readonly Properties: any;
}

/**
 * Reads a template as CloudFormation does: by the rules of YAML 1.1.
 *
 * @param text of the template
 */
export function readTemplate(text: string): Template {
  return parse(text, { version: '1.1', customTags: (tags) => [...tags, ...CLOUDFORMATION_TAGS] });
}

/**
 * What a template tells of its only function.
 *
 * @param template the template
 * @param zipOf finds the zip in the properties of a function or layer
 */
export function toldByTemplate(
  { Resources }: Template,
  zipOf: (properties: Resource['Properties']) => unknown,
): Told {
  const resources = Object.values(Resources);
  const found = resources.filter(({ Type }) => /^AWS::(?:Lambda|Serverless)::Function$/.test(Type));
  assert.equal(found.length, 1);
  const properties = found[0]?.Properties;
  assert.equal(properties.Runtime, 'provided.al2023');
  const url =
    properties.FunctionUrlConfig ?? resources.find(({ Type }) => Type === 'AWS::Lambda::Url')?.Properties;
  if (url !== undefined) assert.equal(url.AuthType, 'AWS_IAM');
  const logging = properties.LoggingConfig;
  return {
    name: properties.FunctionName,
    handler: properties.Handler,
    arch: properties.Architectures?.join(),
    memoryMiB: properties.MemorySize,
    timeoutS: properties.Timeout,
    environment: properties.Environment?.Variables ?? {},
    url: url === undefined ? 'none' : url.InvokeMode === 'RESPONSE_STREAM' ? 'stream' : 'buffered',
    logging:
      logging?.LogFormat === 'JSON' ? { format: 'JSON', level: logging.ApplicationLogLevel } : undefined,
    concurrency: properties.ReservedConcurrentExecutions ?? 0,
    role: typeof properties.Role === 'string' ? properties.Role : undefined,
    layers: properties.Layers.map((layer: string | { Ref: string }) =>
      typeof layer === 'string' ? layer : zipOf(Resources[layer.Ref]?.Properties),
    ),
    code: zipOf(properties),
  };
}
