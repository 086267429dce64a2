import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cfnLint } from '../../helpers/cfn-lint.ts';
import { needs } from '../../helpers/needs.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { writeFiles } from '../../helpers/write-files.ts';

const TEMPLATE = fileURLToPath(new URL('../../../layers/template.yaml', import.meta.url));
const NEEDED = {
  FunctionName: 'shop',
  CodeBucket: 'zips',
  InterpreterKey: 'interpreter.zip',
  RuntimeKey: 'runtime.zip',
  FunctionKey: 'function.zip',
};
const VERSIONS = {
  InterpreterObjectVersion: 'a',
  BootstrapObjectVersion: 'b',
  RuntimeObjectVersion: 'c',
  FunctionObjectVersion: 'd',
};
/** One of each line: all that conditions look at. */
const CHOICES: readonly (readonly Readonly<Record<string, string>>[])[] = [
  [{}, { Interpreter: 'php', BootstrapKey: 'node.zip' }],
  [{}, VERSIONS],
  [
    {},
    { StreamMode: 'stream' },
    ...['AWS_IAM', 'NONE'].flatMap((Authorization) => [
      { Authorization, Endpoint: 'url' },
      { Authorization, Endpoint: 'url', StreamMode: 'stream' },
      { Authorization, Endpoint: 'http-api' },
    ]),
  ],
  [{}, { ReservedConcurrency: '5' }],
  [{}, { Alias: 'live' }, { Alias: 'live', AliasVersion: '3' }],
];

/** Sets of parameters as files that tell which template they are for. */
function deploymentFiles(folder: string, template: string, sets: readonly object[]): string[] {
  const path = (index: number) => `deployment-${index}.json`;
  writeFiles(
    folder,
    Object.fromEntries(
      sets.map((set, index) => [
        path(index),
        { 'template-file-path': template, parameters: { ...NEEDED, ...set } },
      ]),
    ),
  );
  return ['--deployment-files', join(folder, 'deployment-*.json')];
}

/** What no condition looks at takes turns, as each more would double the time. */
function combinations(): object[] {
  const sets = CHOICES.reduce<object[]>(
    (done, choice) => done.flatMap((set) => choice.map((values) => ({ ...set, ...values }))),
    [{}],
  );
  return sets.map((set, index) => ({
    ...set,
    Architecture: index % 2 === 0 ? 'x86_64' : 'arm64',
    MemoryMiB: index % 3 === 0 ? '128' : '10240',
    TimeoutS: index % 5 === 0 ? '1' : '900',
    LogRetentionDays: index % 7 === 0 ? '1' : '3653',
  }));
}

describe('layers/template.yaml', needs('cfn-lint'), () => {
  test('is clean to cfn-lint, by itself and with each combination of parameters', async (t) => {
    const sets = combinations();
    assert.equal(sets.length, 2 * 2 * 8 * 2 * 3);
    const files = deploymentFiles(useTmp(t), TEMPLATE, sets);
    assert.deepEqual(await Promise.all([cfnLint(TEMPLATE), cfnLint(...files)]), [[], []]);
  });

  test('would not be with a property that is none, or a value that one choice gives', async (t) => {
    const folder = useTmp(t);
    const text = readFileSync(TEMPLATE, 'utf8')
      .replace('RESPONSE_STREAM, BUFFERED', 'RESPONSE_STREAM, !Ref Alias')
      .replace('RetentionInDays:', 'RetentionDays:');
    writeFiles(folder, { 'broken.yaml': text });
    const broken = join(folder, 'broken.yaml');
    const set = { Endpoint: 'url', Alias: 'live' };
    const matches = await cfnLint(...deploymentFiles(folder, broken, [set]));
    assert.deepEqual(matches.map(({ Rule }) => Rule.Id).toSorted(), ['E3002', 'W1030']);
  });
});
