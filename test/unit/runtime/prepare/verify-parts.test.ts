import assert from 'node:assert/strict';
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { partList } from '../../../../layers/build/part-list.ts';
import type { Settings } from '../../../../runtime/config.ts';
import { type PartLists, readPartLists } from '../../../../runtime/prepare/part-lists.ts';
import { verifyFully } from '../../../../runtime/prepare/verify-fully.ts';
import { verifyParts } from '../../../../runtime/prepare/verify-parts.ts';
import { type Cleaner, useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

const LAYERS = {
  'pilotlight/runtime.files': { bootstrap: 'sh', 'pilotlight/lazy/a.cjs': 'later' },
  'interpreters/node.files': { 'bin/node': 'binary', 'interpreters/node.cache/db': 'rows' },
};
const TASK = { 'function.files': { 'function.bundle.js': 'code', 'page.html': 'page' } };

function write(root: string, parts: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  for (const [list, files] of Object.entries(parts)) {
    const entries = Object.entries(files).map(([path, text]) => ({
      path,
      content: Buffer.from(text),
      executable: false,
    }));
    writeFiles(root, { ...files, [list]: String(partList(list, entries).entry.content) });
  }
}

describe('the files of the parts', () => {
  let opt: string;
  let task: string;

  const read = (): PartLists =>
    readPartLists({ layersRoot: opt, taskRoot: task, interpreter: { name: 'node', home: opt } });
  const quick = () => verifyParts(read(), [join(opt, 'bootstrap')]);
  const full = () => verifyFully({ layersRoot: opt, taskRoot: task } as Settings);
  const refused = (verify: () => void, path: string) =>
    assert.throws(verify, (error: Error & { code?: string }) => {
      assert.equal(error.code, 'PART_TAMPERED');
      assert.ok(error.message.includes(`"${path}": `), error.message);
      return true;
    });

  beforeEach((t) => {
    [opt, task] = [useTmp(t as unknown as Cleaner), useTmp(t as unknown as Cleaner)];
    write(opt, LAYERS);
    write(task, TASK);
  });

  test('are taken as they were built', () => {
    quick();
    full();
  });

  test('are known by their parts, where these say what they hold', () => {
    assert.deepEqual(Object.keys(read()), ['interpreter', 'runtime', 'function']);
    for (const list of ['pilotlight/runtime.files', 'interpreters/node.files']) rmSync(join(opt, list));
    rmSync(join(task, 'function.files'));
    writeFileSync(join(task, 'function.bundle.js'), 'other code');
    assert.deepEqual(read(), {});
    quick();
    full();
  });

  for (const [path, change] of Object.entries({ bootstrap: 'sH', 'function.bundle.js': 'cod_' })) {
    test(`are refused when the content of one that runs at init differs: ${path}`, () => {
      const file = join(path === 'bootstrap' ? opt : task, path);
      writeFileSync(file, change);
      refused(quick, file);
      refused(full, file);
      rmSync(file);
      refused(quick, file);
      refused(full, file);
    });
  }

  test('are refused when the size of the interpreter differs', () => {
    const file = join(opt, 'bin/node');
    appendFileSync(file, 'x');
    refused(quick, file);
    refused(full, file);
    rmSync(file);
    refused(quick, file);
    symlinkSync('/dev/null', file);
    refused(full, file);
  });

  for (const path of ['bin/node', 'pilotlight/lazy/a.cjs', 'page.html', 'interpreters/node.cache/db']) {
    test(`are refused when the content of any differs, looked at fully: ${path}`, () => {
      const file = join(path === 'page.html' ? task : opt, path);
      writeFileSync(file, '?'.repeat(path === 'bin/node' ? 6 : 4));
      quick();
      refused(full, file);
    });
  }

  test('are refused when their list is none, or another one', () => {
    const list = join(task, 'function.files');
    for (const text of ['', '{}', '{"contentsSha256":""}']) {
      writeFileSync(list, text);
      refused(quick, list);
      refused(full, list);
    }
    writeFileSync(list, '{"contentsSha256":"0","files":[]}');
    quick();
    refused(full, list);
  });
});
