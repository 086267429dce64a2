import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { HCLFMT, LINT_PYTHON } from '../../helpers/clients.ts';
import { EXPORTED_NAMES, type Told, useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';

const PARSE = 'import hcl2, json, sys; print(json.dumps(hcl2.load(sys.stdin)))';
const clean = { extendEnv: false, reject: false, stripFinalNewline: false } as const;
// biome-ignore lint/suspicious/noExplicitAny: of any shape, asserts look at it
type Block = any;

/** Expressions stay as they are, `${…}`; texts lose their quotes and escapes. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'string') {
    return value.startsWith('"') ? JSON.parse(value).replaceAll(/([$%])\1\{/g, '$1{') : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '__is_block__');
  return Object.fromEntries(entries.map(([key, item]) => [plain(key), plain(item)]));
}

async function resourcesOf(input: string): Promise<Record<string, Record<string, Block>>> {
  const { stdout, stderr } = await execa(LINT_PYTHON, ['-c', PARSE], { ...clean, input });
  assert.equal(stderr, '');
  const resources: Record<string, Record<string, Block>> = {};
  for (const item of (plain(JSON.parse(stdout)) as Block).resource) {
    for (const [type, named] of Object.entries(item))
      resources[type] = { ...resources[type], ...(named as Block) };
  }
  return resources;
}

function told(resources: Record<string, Record<string, Block>>): Told {
  const fn = resources.aws_lambda_function?.function;
  const url = resources.aws_lambda_function_url?.function;
  const logging = fn.logging_config[0];
  const zipOf = (block: Block) => {
    assert.equal(block.source_code_hash, `\${filebase64sha256("${block.filename}")}`);
    return block.filename;
  };
  return {
    name: fn.function_name,
    handler: fn.handler,
    arch: fn.architectures.join(),
    memoryMiB: fn.memory_size,
    timeoutS: fn.timeout,
    environment: fn.environment?.[0].variables ?? {},
    url: url === undefined ? 'none' : url.invoke_mode === 'RESPONSE_STREAM' ? 'stream' : 'buffered',
    logging:
      logging.log_format === 'JSON' ? { format: 'JSON', level: logging.application_log_level } : undefined,
    concurrency: fn.reserved_concurrent_executions ?? 0,
    role: fn.role.startsWith('arn:') ? fn.role : undefined,
    layers: fn.layers.map((layer: string) => {
      const id = /^\$\{aws_lambda_layer_version\.(\w+)\.arn\}$/.exec(layer)?.[1];
      return id === undefined ? layer : zipOf(resources.aws_lambda_layer_version?.[id]);
    }),
    code: zipOf(fn),
  };
}

describe('export terraform', () => {
  for (const name of EXPORTED_NAMES) {
    test(`tells all settings of the function "${name}"`, needs('cfn-lint'), async (t) => {
      const shop = useExported(t, name);
      const { layers, ...others } = told(await resourcesOf(await shop.export('terraform')));
      assert.deepEqual({ ...others, layers }, await shop.wanted());
    });

    test(`is formatted as Terraform's own library does it, for "${name}"`, needs('hclfmt'), async (t) => {
      const input = await useExported(t, name).export('terraform');
      const { stdout, exitCode, stderr } = await execa(HCLFMT, [], { ...clean, input });
      assert.deepEqual([exitCode, stderr], [0, '']);
      assert.equal(stdout, input);
    });
  }

  test('would be refused by that library without a brace', needs('hclfmt'), async (t) => {
    const input = (await useExported(t, 'plain').export('terraform')).replace('}', '');
    const { exitCode } = await execa(HCLFMT, ['-check'], { ...clean, input });
    assert.notEqual(exitCode, 0);
  });
});
