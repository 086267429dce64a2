import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../../runtime/config.ts';

const FILE = '/opt/pilotlight/bootstrap.cjs';

test('readSettings() has a default for everything', () => {
  const { variables, ...settings } = readSettings({}, FILE);
  assert.deepEqual(variables, {});
  assert.deepEqual(settings, {
    taskRoot: '/var/task',
    launched: undefined,
    layersRoot: '/opt',
    pipeline: false,
    stampsFile: undefined,
    tmpFolder: '/tmp',
    handler: 'function.handler',
    interpreter: undefined,
    mode: 'persistent',
    result: 'descriptor',
    streams: false,
    isConcurrent: false,
    maxConcurrency: 1,
    connections: 1,
    workers: 1,
    shutdown: 'auto',
    isSnapshot: false,
    isAhead: false,
    heapMiB: 48,
    semiSpaceMiB: 4,
    wearLimits: undefined,
    stopGraceMs: 150,
    deadline: { lookMs: 250, marginMs: 50 },
    asyncTrace: false,
    inspectPort: undefined,
    execWrapper: undefined,
    exposeRuntimeApi: false,
    permissions: undefined,
    verify: 'quick',
    http: 'native',
  });
});

test('readSettings() finds the layers where the bootstrap lies', () => {
  assert.equal(readSettings({}, '/mapped/opt/pilotlight/bootstrap.cjs').layersRoot, '/mapped/opt');
});

test('readSettings() tells which inits no caller waits for', () => {
  const isAhead = (type: string) => readSettings({ AWS_LAMBDA_INITIALIZATION_TYPE: type }, FILE).isAhead;
  assert.equal(isAhead('on-demand'), false);
  for (const type of ['provisioned-concurrency', 'snap-start', 'lambda-managed-instances'])
    assert.equal(isAhead(type), true, type);
});

test('readSettings() leaves a shutdown what Lambda does, and never has more workers than pollers', () => {
  const { stopGraceMs, workers } = readSettings(
    { AWS_LAMBDA_MAX_CONCURRENCY: '2', PILOTLIGHT_WORKERS: '8' },
    FILE,
  );
  assert.deepEqual([stopGraceMs, workers], [600, 2]);
});

for (const [name, value] of [
  ['PILOTLIGHT_LOG', 'loud'],
  ['PILOTLIGHT_MODE', 'sometimes'],
  ['PILOTLIGHT_RESULT', 'file'],
  ['PILOTLIGHT_HTTP', 'curl'],
  ['PILOTLIGHT_SHUTDOWN', 'yes'],
  ['PILOTLIGHT_STOP_GRACE_MS', '1.5'],
  ['PILOTLIGHT_DEADLINE_LOOK_MS', 'soon'],
  ['PILOTLIGHT_ASYNC_TRACE', '1'],
  ['AWS_LAMBDA_MAX_CONCURRENCY', '-1'],
]) {
  test(`readSettings() refuses ${name}=${value} and names it`, () => {
    assert.throws(
      () => readSettings({ [`${name}`]: value }, FILE),
      (error: { code?: string; message: string }) =>
        error.code === 'SETTING_INVALID' && error.message.includes(`${name}="${value}"`),
    );
  });
}
