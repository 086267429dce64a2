import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { matchingEntries } from '../../layers/build/folder-entries.ts';
import { writeZip } from '../../layers/build/zip.ts';
import { LUAJIT } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';

const LUA = join(import.meta.dirname, '../fixtures/interpreters/lua');
const FUNCTION = `
local calls = 0
return {
  handler = function(event)
    if event:find("fail", 1, true) then error("no such order", 0) end
    calls = calls + 1
    return '{"bytes":' .. #event .. ',"calls":' .. calls .. '}'
  end,
}`;

/** A function in Lua: a layer of a manifest, a host and the distribution's program, beside those that are built. */
async function useLua(t: TestContext, bundle: string) {
  const zip = join(useTmp(t), 'lua.zip');
  const program = { path: 'bin/lua', content: readFileSync(LUAJIT), executable: true };
  await writeZip(zip, [...(await matchingEntries(LUA, ['**/*.json', '**/*.lua'])), program]);
  const { interpreter, runtime } = await useLayers();
  return await useLocalLambda(t, {
    fn: { files: { 'function.bundle.lua': bundle }, layers: [interpreter, zip, runtime] },
  });
}

test('an interpreter of a manifest and a host answers, also with an error', needs('luajit'), async (t) => {
  const lambda = await useLua(t, FUNCTION);
  assert.deepEqual((await lambda.call('fn', {})).value, { bytes: 2, calls: 1 });
  assert.deepEqual(await lambda.call('fn', 'fail').then(({ failed, value }) => [failed, value]), [
    true,
    { errorType: 'LuaError', errorMessage: 'no such order', trace: [] },
  ]);
  const large = 'x'.repeat(2_000_000);
  assert.deepEqual((await lambda.call('fn', large)).value, { bytes: large.length + 2, calls: 2 });
});

test('a bundle that its host cannot load is an init error', needs('luajit'), async (t) => {
  const lambda = await useLua(t, 'return {}');
  const { value } = await lambda.call('fn', {});
  assert.deepEqual(value, {
    errorType: 'LuaError',
    errorMessage: 'the bundle exports no "handler"',
    trace: [],
  });
});
