import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FolderWatches } from '../../../../runtime/emulator/watch/folder-watches.ts';
import { type Cleaner, useTmp } from '../../../helpers/use-tmp.ts';

const SAVES = 40;

test('sync() watches a folder so that each of many files that are renamed into place is seen', async (t) => {
  const { folder, seen, watches } = useWatches(t);
  const file = join(folder, 'function.ts');
  writeFileSync(file, 'first');
  watches.sync(new Set([folder]));
  for (let count = 0; count < SAVES; count += 1) {
    const told = seen(file);
    writeFileSync(`${file}.tmp`, String(count));
    renameSync(`${file}.tmp`, file);
    await told;
  }
});

test('sync() watches a folder again that was removed and made anew', async (t) => {
  const { folder, seen, watches } = useWatches(t);
  const inner = join(folder, 'inner');
  const wanted = new Set([folder, inner]);
  mkdirSync(inner);
  assert.equal(watches.sync(wanted), true);
  assert.equal(watches.sync(wanted), false);
  const removed = seen(inner);
  rmSync(inner, { recursive: true });
  await removed;
  watches.sync(wanted);
  const made = seen(inner);
  mkdirSync(inner);
  await made;
  assert.equal(watches.sync(wanted), true);
  const told = seen(join(inner, 'a.ts'));
  writeFileSync(join(inner, 'a.ts'), '');
  await told;
});

test('sync() leaves out what is not there, and stops watching what is wanted no more', async (t) => {
  const { folder, seen, paths, watches } = useWatches(t);
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  watches.sync(new Set([folder, inner, join(folder, 'absent')]));
  watches.sync(new Set([folder]));
  writeFileSync(join(inner, 'unseen'), '');
  const told = seen(join(folder, 'seen'));
  writeFileSync(join(folder, 'seen'), '');
  await told;
  assert.ok(!paths.includes(join(inner, 'unseen')));
});

function useWatches(t: Cleaner) {
  const folder = useTmp(t);
  const paths: string[] = [];
  const waiting = new Map<string, () => void>();
  const watches = new FolderWatches((path) => {
    paths.push(path);
    waiting.get(path)?.();
  });
  t.after(() => watches.close());
  const seen = (path: string) => new Promise<void>((resolve) => waiting.set(path, resolve));
  return { folder, paths, seen, watches };
}
