import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { builder } from '../../../layers/builder.ts';
import { readFunctionSettings } from '../../../runtime/cli/function-settings.ts';
import { startLocalLambda } from '../../../runtime/emulator/local-lambda.ts';
import { prepareAgain } from '../../../runtime/emulator/prepare-function.ts';
import { type WatchResult, watchFunction } from '../../../runtime/emulator/watch/watch-function.ts';
import { useLayers } from '../../helpers/use-local-lambda.ts';
import { type Cleaner, useTmp } from '../../helpers/use-tmp.ts';
import { writeFiles } from '../../helpers/write-files.ts';
import { makeZip } from '../../swaps/test-function.ts';

/** Longer than a test may take: what hangs is not ended by it. */
const INIT_LIMIT_MS = 300_000;
const answering = (text: string) => `export const handler = async () => ${JSON.stringify(text)};\n`;

test('a watched folder is swapped by saves of every kind, and refused what is broken', async (t) => {
  const project = realpathSync(useTmp(t));
  const root = join(project, 'shop');
  writeFiles(project, {
    'shop/function.ts': "import { text } from './lib/text.ts';\nexport const handler = async () => text;\n",
    'shop/lib/text.ts': "export const text = 'one';\n",
  });
  const text = join(root, 'lib/text.ts');
  const { ask, next, lines } = await useWatched(t, root);

  await t.test('a file that is written', async () => {
    writeFileSync(text, "export const text = 'two';\n");
    assert.equal((await next()).kind, 'swapped');
    assert.equal(await ask(), '"two"');
  });

  await t.test('a file that another is renamed over', async () => {
    writeFileSync(`${text}~`, "export const text = 'three';\n");
    renameSync(`${text}~`, text);
    assert.equal((await next()).kind, 'swapped');
    assert.equal(await ask(), '"three"');
  });

  await t.test('content that gives the same bundle changes nothing', async () => {
    writeFileSync(text, "// A word\nexport const text = 'three';\n");
    assert.equal((await next()).kind, 'same');
  });

  await t.test('a folder that is removed, with files, and made anew', async () => {
    rmSync(dirname(text), { recursive: true });
    assert.match((await next()).reason, /function\.ts:1:\d+ Could not resolve '\.\/lib\/text\.ts'/);
    assert.equal(await ask(), '"three"');
    mkdirSync(dirname(text));
    writeFileSync(text, "export const text = 'four';\n");
    await swapped();
    assert.equal(await ask(), '"four"');
    // It is another folder now.
    writeFileSync(text, "export const text = 'five';\n");
    assert.equal((await next()).kind, 'swapped');
    assert.equal(await ask(), '"five"');
  });

  await t.test('a package that is imported before it is there, and then changed', async () => {
    writeFileSync(text, "import dep from 'dep';\nexport const text = dep;\n");
    assert.match((await next()).reason, /dep/);
    writeFiles(project, {
      'shop/node_modules/dep/package.json': { name: 'dep', type: 'module', exports: './index.js' },
      'shop/node_modules/dep/index.js': "export default 'six';\n",
    });
    await swapped();
    assert.equal(await ask(), '"six"');
    writeFiles(project, { 'shop/node_modules/dep/index.js': "export default 'seven';\n" });
    await swapped();
    assert.equal(await ask(), '"seven"');
  });

  await t.test('a syntax error is told with its place, and what was there serves on', async () => {
    writeFileSync(text, 'export const text = (;\n');
    assert.match((await next()).reason, /lib\/text\.ts:1:\d+ /);
    assert.equal(await ask(), '"seven"');
  });

  await t.test('code that throws at init is told with its place', async () => {
    // Without a condition the bundler drops what follows.
    writeFileSync(text, "export const text = 'broken';\nif (process.pid) throw new TypeError('planted');\n");
    const { kind, place, reason } = { place: undefined, ...(await next()) };
    assert.deepEqual([kind, place], ['refused', 'lib/text.ts:2:24']);
    assert.match(reason, /TypeError: planted/);
    assert.equal(await ask(), '"seven"');
  });

  await t.test('an init that hangs is given up when the next save comes', async () => {
    const hangs = next();
    const said = lines.saying('hangs');
    writeFileSync(text, "console.log('hangs'); for (;;);\nexport const text = 'hangs';\n");
    await said;
    writeFileSync(text, "export const text = 'eight';\n");
    assert.equal((await hangs).kind, 'withdrawn');
    assert.equal((await next()).kind, 'swapped');
    assert.equal(await ask(), '"eight"');
  });

  await t.test('settings that are changed', async () => {
    writeFiles(root, { 'pilotlight.json': { environment: { WORD: 'nine' } } });
    assert.equal((await next()).kind, 'swapped');
    writeFileSync(text, 'export const text = process.env.WORD;\n');
    assert.equal((await next()).kind, 'swapped');
    assert.equal(await ask(), '"nine"');
    writeFiles(root, { 'pilotlight.json': { name: 'other' } });
    assert.match((await next()).reason, /Cannot call "shop" "other" while it runs/);
  });

  /** Several looks may be needed until all files are there. */
  async function swapped(): Promise<void> {
    while ((await next()).kind !== 'swapped');
  }
});

test('a watched zip is swapped when another takes its place', async (t) => {
  const folder = realpathSync(useTmp(t));
  const zip = await makeZip(join(folder, 'shop.zip'), answering('one'));
  const { ask, next } = await useWatched(t, zip);
  assert.equal(await ask(), '"one"');
  await makeZip(zip, answering('two'));
  assert.equal((await next()).kind, 'swapped');
  assert.equal(await ask(), '"two"');
});

test('a watched folder that is taken as it is, is swapped when any of its files changes', async (t) => {
  const root = join(realpathSync(useTmp(t)), 'shop');
  writeFiles(root, { 'function.bundle.js': answering('one') });
  const { ask, next } = await useWatched(t, root);
  writeFiles(root, { 'function.bundle.js': answering('two') });
  assert.equal((await next()).kind, 'swapped');
  assert.equal(await ask(), '"two"');
});

test('a watched web function answers through its URL however that is changed', async (t) => {
  const root = join(realpathSync(useTmp(t)), 'shop');
  const use = (url: string) => writeFiles(root, { 'pilotlight.json': { url, timeoutS: 20 } });
  writeFiles(root, { 'function.ts': "export default { fetch: () => new Response('open') };\n" });
  use('buffered');
  const { lambda, next } = await useWatched(t, root);
  const visit = async () => {
    const response = await fetch(lambda.urls.shop ?? assert.fail('no URL'));
    return [response.status, await response.text()];
  };
  for (const url of ['stream', 'none', 'stream', 'buffered']) {
    use(url);
    assert.equal((await next()).kind, 'swapped');
    if (url === 'none') assert.deepEqual(lambda.urls, {});
    else assert.deepEqual(await visit(), [200, 'open'], url);
  }
});

/** Runs a function in a local Lambda that watches its source. */
async function useWatched(t: Cleaner, source: string) {
  const out = useTmp(t);
  const lines = new Lines();
  const signal = new AbortController().signal;
  const { interpreter, runtime } = await useLayers();
  const settings = await readFunctionSettings(source);
  const layers = [interpreter, runtime];
  const isZip = source.endsWith('.zip');
  const code = isZip ? source : (await builder.buildFunction(source, { out, signal })).zip;
  const fn = { settings, layers, code };
  const log = (line: string) => lines.add(line);
  const lambda = await startLocalLambda({
    functions: [fn],
    isolation: 'paths',
    initLimitMs: INIT_LIMIT_MS,
    log,
  });
  t.after(() => lambda.stop());

  const results = new ReadableStream<WatchResult>({
    start(controller) {
      const stopping = new AbortController();
      const watching = watchFunction(
        {
          root: isZip ? dirname(source) : source,
          fn,
          rebuild: (before, withdrawal, read) =>
            prepareAgain(source, before, {
              builder,
              overrides: {},
              out,
              note: () => {},
              signal: withdrawal,
              read,
            }),
          swap: lambda.swap,
          report: (result) => controller.enqueue(result),
        },
        stopping.signal,
      );
      t.after(async () => {
        stopping.abort();
        await watching;
      });
    },
  }).getReader();
  const next = async () => {
    const { value } = await results.read();
    if (value?.kind !== 'built') return { kind: 'failed', reason: String(value?.error) };
    const { result } = value;
    if (result.kind !== 'refused') return { kind: result.kind, reason: '' };
    return { kind: result.kind, ...result.problem };
  };
  const ask = async () => {
    const { payload } = await lambda.invoke(settings.name, '{}');
    return Buffer.from(payload).toString();
  };
  // The look that it begins with.
  assert.equal((await next()).kind, 'same');
  return { ask, next, lines, lambda };
}

/** The log, to wait for. */
class Lines {
  #waiting: { text: string; resolve: () => void } | undefined;

  add(line: string): void {
    if (this.#waiting !== undefined && line.includes(this.#waiting.text)) this.#waiting.resolve();
  }

  saying(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { text, resolve };
    });
  }
}
