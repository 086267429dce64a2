import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importServerless } from '../../../../layers/import/import-serverless.ts';

/** Paths of what is not taken over. */
function pathsOf(text: string): string[] {
  return importServerless(text).differences.map(({ path }) => path);
}

function settingsOf(text: string): unknown {
  return importServerless(text).functions.map(({ settings }) => settings);
}

const DEFAULTS = { arch: 'x86_64', memoryMiB: 1024, timeoutS: 6 };

describe('importServerless()', () => {
  test('takes a layer by its bare name, and says how its folder becomes a zip', () => {
    const { functions, differences } = importServerless(`
service: site
provider:
  name: aws
  runtime: provided
layers:
  php7:
    path: layers/runtime
functions:
  setup:
    handler: setup.main
    layers:
      - Ref: php7
`);
    assert.deepEqual(functions, [
      {
        key: 'setup',
        settings: { name: 'setup', handler: 'setup.main', ...DEFAULTS, layers: ['layers/runtime.zip'] },
      },
    ]);
    assert.deepEqual(
      differences.map(({ path }) => path),
      ['functions.setup.layers.0', 'functions.setup.runtime'],
    );
    assert.match(
      differences[0]?.why ?? '',
      /\(cd layers\/runtime && zip -qry "\$OLDPWD\/layers\/runtime\.zip" \.\)/,
    );
  });

  test('takes layers in their order: by the name of the framework, as !Ref, as ARN, of the provider', () => {
    const text = (own: string) => `
provider: { name: aws, layers: ["arn:aws:lambda:eu-central-1:1:layer:all:1"] }
layers:
  my-lib: { package: { artifact: lib/my.zip } }
  other_one: { package: { artifact: other.zip }, retain: true }
functions:
  one: { handler: a.b${own} }
`;
    const own = ', layers: [!Ref Other_one, {Ref: MyDashlibLambdaLayer}, !Ref OtherUnderscoreoneLambdaLayer]';
    assert.deepEqual(settingsOf(text(own)), [
      { name: 'one', handler: 'a.b', ...DEFAULTS, layers: ['lib/my.zip', 'other.zip'] },
    ]);
    assert.deepEqual(pathsOf(text(own)), ['functions.one.layers.0']);
    assert.deepEqual(settingsOf(text('')), [
      { name: 'one', handler: 'a.b', ...DEFAULTS, layers: ['arn:aws:lambda:eu-central-1:1:layer:all:1'] },
    ]);
  });

  test('drops nothing without a word: a program with three kinds of events', () => {
    const text = `
service: crystal
plugins: [serverless-offline]
custom: { stage: dev }
provider:
  name: aws
  runtime: provided
  region: eu-central-1
  memorySize: 128
  iam: { role: { statements: [{ Effect: Allow }] } }
package:
  artifact: bootstrap.zip
functions:
  http:
    handler: httpevent
    events:
      - http: { path: hello, method: get }
  scheduled:
    handler: scheduledevent
    timeout: 30
    environment: { AA: 1, BB: "\${self:custom.stage}", CC: true, "D-E": x }
    reservedConcurrency: 0
    url: { cors: true }
    vpc: { securityGroupIds: [a] }
resources:
  Outputs: { Some: { Value: 1 } }
`;
    assert.deepEqual(settingsOf(text), [
      { name: 'http', handler: 'httpevent', ...DEFAULTS, memoryMiB: 128 },
      {
        name: 'scheduled',
        handler: 'scheduledevent',
        ...DEFAULTS,
        memoryMiB: 128,
        timeoutS: 30,
        environment: { AA: '1', CC: 'true' },
        url: 'buffered',
      },
    ]);
    assert.deepEqual(pathsOf(text).toSorted(), [
      'custom',
      'functions.http.events',
      'functions.http.package.artifact',
      'functions.http.runtime',
      'functions.scheduled.environment.BB',
      'functions.scheduled.environment.D-E',
      'functions.scheduled.package.artifact',
      'functions.scheduled.reservedConcurrency',
      'functions.scheduled.runtime',
      'functions.scheduled.url',
      'functions.scheduled.url.cors',
      'functions.scheduled.vpc',
      'plugins',
      'provider.iam',
      'provider.region',
      'resources.Outputs',
    ]);
  });

  for (const [what, text, message] of [
    ['is no YAML', 'a: [', /^Cannot read the file as YAML: /],
    ['has no functions', 'provider: aws', /it has no "functions"/],
    [
      'is for another provider',
      'provider: { name: google }\nfunctions: { a: {} }',
      /provider "google", expected "aws"/,
    ],
  ] as const) {
    test(`refuses a file that ${what}`, () => {
      assert.throws(() => importServerless(text), { code: 'USAGE', message });
    });
  }
});
