import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeFunctionZip } from '../../layers/build/function-zip.ts';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';
import { readZip } from '../unit/layers/read-zip.ts';

const SOURCE = `export const handler = (event: { fail?: boolean }): unknown => {
  if (event.fail) throw new Error('here');
  return 'well';
};`;
/** Node's own words about its cache. */
const TELL = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };

describe('the code cache of a function', () => {
  const folder = useTmp({ after });
  const { signal } = new AbortController();
  const make = (name: string, out: string) =>
    makeFunctionZip(join(folder, name), { out: join(folder, out), signal, name: 'fn', codeCache: true });
  let zip: string;

  before(async () => {
    for (const name of ['one', 'two']) writeFiles(folder, { [`${name}/function.ts`]: SOURCE });
    zip = (await make('one', 'out')).path;
  });

  test('is the same in every build of the same source', async () => {
    const [first, second] = await Promise.all([
      readZip(zip),
      make('two', 'other').then(({ path }) => readZip(path)),
    ]);
    assert.deepEqual(second, first);
    assert.ok(first.some(({ path, content }) => path === 'function.cache' && content.length > 500));
  });

  test('is taken by Node, and traces name the bundle where it lies', async (t) => {
    const lambda = await useLocalLambda(t, { fn: { zip, settings: { environment: TELL } } });
    const { value } = await lambda.call('fn', { fail: true });
    assert.match(JSON.stringify(value), /\/pilotlight\/function\/function\.bundle\.js:\d+/);
    const said = lambda.lines.filter(
      (line) => line.includes('V8 code cache for ESM') && line.includes('function.bundle.js'),
    );
    assert.match(said.join('\n'), /was accepted/);
  });

  test('is ignored when it is of another text, or none', async (t) => {
    const entries = await readZip(zip);
    const cache = entries.find(({ path }) => path === 'function.cache')?.content ?? Buffer.alloc(0);
    const bundle = "export const handler = () => 'another';";
    const own = entries.find(({ path }) => path === 'function.bundle.js')?.content ?? '';
    const damaged = Buffer.from(cache).fill(7, 100);
    const lambda = await useLocalLambda(t, {
      other: {
        files: { 'function.bundle.js': bundle, 'function.cache': cache },
        settings: { environment: TELL },
      },
      damaged: {
        files: { 'function.bundle.js': own, 'function.cache': damaged },
        settings: { environment: TELL },
      },
      empty: { files: { 'function.bundle.js': own, 'function.cache': '' } },
    });
    for (const [name, answer] of Object.entries({ other: 'another', damaged: 'well', empty: 'well' })) {
      assert.equal((await lambda.call(name, {})).value, answer);
    }
    assert.ok(!lambda.lines.some((line) => line.includes('was accepted')));
  });
});
