import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { readSettings } from '../../../../runtime/config.ts';
import { workerCommand } from '../../../../runtime/supervisor/worker-command.ts';

const NODE = {
  name: 'node',
  version: '24.21.0',
  binary: '/opt/bin/node',
  worker: ['{binary}', '--max-old-space-size={heapMiB}', '--max-semi-space-size={semiSpaceMiB}', '{host}'],
  host: '/opt/pilotlight/hosts/node.mjs',
  bundles: ['js'],
  inspect: ['--inspect=127.0.0.1:{port}', '--inspect-publish-uid=stderr,http'],
  permissions: undefined,
  variables: {
    NODE_PATH: '{layers}/nodejs/node24/node_modules:{layers}/nodejs/node_modules:{runtimeDir}/node_modules',
  },
};

function command(variables: Record<string, string>) {
  return workerCommand(NODE, readSettings(variables, '/opt/pilotlight/bootstrap.cjs'));
}

test('workerCommand() fills in the manifest', () => {
  const { file, args, folder } = command({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' });
  assert.equal(file, '/opt/bin/node');
  assert.deepEqual(args, [
    '--max-old-space-size=384',
    '--max-semi-space-size=16',
    '/opt/pilotlight/hosts/node.mjs',
  ]);
  assert.equal(folder, '/var/task');
});

test('workerCommand() puts the exec wrapper before the command', () => {
  const { file, args } = command({ AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrap' });
  assert.equal(file, '/opt/wrap');
  assert.equal(args[0], '/opt/bin/node');
});

test('workerCommand() opens the debugger on loopback', () => {
  assert.deepEqual(command({ PILOTLIGHT_INSPECT: '9229' }).args.slice(-3), [
    '--inspect=127.0.0.1:9229',
    '--inspect-publish-uid=stderr,http',
    '/opt/pilotlight/hosts/node.mjs',
  ]);
});

test('workerCommand() refuses to debug what has no debugger', () => {
  const { inspect: _, ...php } = { ...NODE, name: 'php' };
  const settings = readSettings({ PILOTLIGHT_INSPECT: '9229' }, '/opt/pilotlight/bootstrap.cjs');
  assert.throws(() => workerCommand(php, settings), {
    code: 'SETTING_INVALID',
    message: /Cannot debug "php"/,
  });
});

test('workerCommand() gives the worker the interpreter variables that were set aside, and no Runtime API', () => {
  const { variables } = command({
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    PILOTLIGHT_FOR_WORKER_NODE_OPTIONS: '--no-warnings',
    MINE: '1',
  });
  assert.equal(variables.AWS_LAMBDA_RUNTIME_API, undefined);
  assert.equal(variables.NODE_OPTIONS, '--no-warnings');
  assert.equal(variables.PILOTLIGHT_FOR_WORKER_NODE_OPTIONS, undefined);
  assert.equal(variables.MINE, '1');
});

test('workerCommand() shows the Runtime API to a function that asks for it', () => {
  const { variables } = command({
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    PILOTLIGHT_EXPOSE_RUNTIME_API: '1',
  });
  assert.equal(variables.AWS_LAMBDA_RUNTIME_API, '127.0.0.1:9001');
});

test('workerCommand() sets what managed runtimes set, below what the user set', () => {
  const { variables } = command({});
  assert.equal(variables.AWS_EXECUTION_ENV, 'AWS_Lambda_provided.al2023');
  assert.equal(
    variables.NODE_PATH,
    '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules',
  );
  assert.equal(command({ PILOTLIGHT_FOR_WORKER_NODE_PATH: '/mine' }).variables.NODE_PATH, '/mine');
});

test("workerCommand() passes Lambda's log descriptor on, and names none that is not there", () => {
  const fd = openSync(import.meta.filename, 'r');
  const { logDescriptor, variables } = command({ _LAMBDA_TELEMETRY_LOG_FD: String(fd) });
  closeSync(fd);
  assert.deepEqual([logDescriptor, variables._LAMBDA_TELEMETRY_LOG_FD], [fd, '4']);
  for (const named of [String(fd), 'none', '']) {
    const { logDescriptor, variables } = command({ _LAMBDA_TELEMETRY_LOG_FD: named });
    assert.deepEqual([logDescriptor, variables._LAMBDA_TELEMETRY_LOG_FD], [undefined, undefined], named);
  }
});
