import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { layOverlay } from '../../../../runtime/prepare/overlay.ts';
import { type Cleaner, useTmp } from '../../../helpers/use-tmp.ts';

describe('layOverlay()', () => {
  let task: string;
  let runtime: string;
  let overlay: string;

  beforeEach((t) => {
    [task, runtime, overlay] = ['task', 'runtime', 'overlay'].map(() => useTmp(t as unknown as Cleaner)) as [
      string,
      string,
      string,
    ];
    writeFileSync(join(runtime, 'function.bundle.js'), 'dummy');
  });

  test('lays the dummy where the function has no file', () => {
    writeFileSync(join(task, '.keep'), '');
    assert.deepEqual(layOverlay(task, runtime, overlay), [{ name: 'function.bundle.js', part: 'runtime' }]);
    assert.equal(readFileSync(join(overlay, 'function.bundle.js'), 'utf8'), 'dummy');
  });

  test('lays the dummy where there is no task folder at all', () => {
    assert.equal(layOverlay(join(task, 'absent'), runtime, overlay)[0]?.part, 'runtime');
  });

  test('copies the bundle and links what lies beside it', () => {
    writeFileSync(join(task, 'function.bundle.js'), 'mine');
    writeFileSync(join(task, 'function.bundle.js.map'), '{}');
    mkdirSync(join(task, 'node_modules'));
    const entries = layOverlay(task, runtime, overlay);
    assert.ok(entries.every((entry) => entry.part === 'function'));
    assert.ok(lstatSync(join(overlay, 'function.bundle.js')).isFile());
    assert.equal(readFileSync(join(overlay, 'function.bundle.js'), 'utf8'), 'mine');
    assert.equal(readlinkSync(join(overlay, 'node_modules')), join(task, 'node_modules'));
    assert.equal(readlinkSync(join(overlay, 'function.bundle.js.map')), join(task, 'function.bundle.js.map'));
  });

  test('never falls back to the dummy where the function has a file but no bundle', () => {
    writeFileSync(join(task, 'index.js'), '');
    assert.deepEqual(layOverlay(task, runtime, overlay), [{ name: 'index.js', part: 'function' }]);
  });

  test('blames the function for a bundle that is a folder', () => {
    mkdirSync(join(task, 'function.bundle.js'));
    assert.throws(() => layOverlay(task, runtime, overlay), { code: 'BUNDLE_FAILED' });
  });

  test('blames the platform for an overlay folder that is gone', () => {
    writeFileSync(join(task, 'index.js'), '');
    assert.throws(() => layOverlay(task, runtime, join(overlay, 'absent')), { code: 'PREPARE_FAILED' });
  });
});
