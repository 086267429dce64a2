import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { getHeapCodeStatistics } from 'node:v8';
import { compileAll } from '../../../../worker/node/compile-all.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const FUNCTION = (index: number) => `export function f${index}(a, b) { return [a + ${index}, b, a * b]; }\n`;

test('compileAll() compiles the functions of a module that nobody called, and none of a large one', async (t) => {
  const folder = useTmp(t);
  const bytecodeOf = async (name: string, functions: number, viaCompileAll = true): Promise<number> => {
    const file = join(folder, name);
    writeFileSync(file, Array.from({ length: functions }, (_, index) => FUNCTION(index)).join(''));
    const before = getHeapCodeStatistics().bytecode_and_metadata_size;
    const load = (): Promise<unknown> => import(pathToFileURL(file).href);
    await (viaCompileAll ? compileAll(file, load) : load());
    return (getHeapCodeStatistics().bytecode_and_metadata_size - before) / functions;
  };
  const lazy = await bytecodeOf('lazy.mjs', 1_000, false);
  const whole = await bytecodeOf('whole.mjs', 1_000);
  assert.ok(whole > lazy + 50, `${whole} bytes a function, ${lazy} without it`);
  const large = await bytecodeOf('large.mjs', 2_000);
  assert.ok(large < whole - 50, `${large} bytes a function of a large module, ${whole} of a small one`);
  // The flag was put back.
  const after = await bytecodeOf('after.mjs', 1_000, false);
  assert.ok(after < whole - 50, `${after} bytes a function afterwards, ${whole} with it`);
});
