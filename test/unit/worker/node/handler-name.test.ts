import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBundleHandler, parseModuleHandler } from '../../../../worker/node/handler-name.ts';

const MALFORMED = { errorType: 'Runtime.MalformedHandlerName' };

test('parseBundleHandler() takes the export and ignores the module', () => {
  const exports = {
    handler: ['handler'],
    'function.handler': ['handler'],
    'function.bundle.handler': ['handler'],
    'function.bundle': ['bundle'],
    'src/index.handler': ['handler'],
    'index.api.get': ['api', 'get'],
    'function.bundle.api.get': ['api', 'get'],
  };
  for (const [handler, names] of Object.entries(exports))
    assert.deepEqual(parseBundleHandler(handler), names);
});

test('parseBundleHandler() refuses a string without an export', () => {
  for (const handler of ['', 'function.', 'a..b', 'src/', '../a.b']) {
    assert.throws(() => parseBundleHandler(handler), MALFORMED, handler);
  }
});

test('parseModuleHandler() splits the file name at its first dot', () => {
  assert.deepEqual(parseModuleHandler('index.handler'), { module: 'index', exportPath: ['handler'] });
  assert.deepEqual(parseModuleHandler('a.b/c.d.e'), { module: 'a.b/c', exportPath: ['d', 'e'] });
});

test('parseModuleHandler() refuses a string without module or export', () => {
  for (const handler of ['', 'handler', 'src/handler', '.handler', 'index.', 'index.a.', '../a.b', 'a..b']) {
    assert.throws(() => parseModuleHandler(handler), MALFORMED, handler);
  }
});
