import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANGUAGES } from '../../conformance/subjects/language.ts';
import type { Subject } from '../../conformance/subjects/subject.ts';
import { pinnedNode } from '../../helpers/clients.ts';
import type { Defect } from './defect.ts';

const FIXTURE = join(import.meta.dirname, '../../fixtures/conformance/bootstrap.mjs');

/**
 * The fixture's bootstrap as the kit takes it.
 *
 * @param defect planted into a copy; its text must stand in there exactly once
 */
export function fixtureSubject(defect?: Defect): Subject {
  const source = readFileSync(FIXTURE, 'utf8');
  const parts = defect === undefined ? [source] : source.split(defect.text);
  assert.equal(
    parts.length,
    defect === undefined ? 1 : 2,
    `"${defect?.text}" stands there ${parts.length - 1} times`,
  );
  return {
    name: 'fixture',
    description: defect?.name ?? 'without a defect',
    without: {},
    missing: undefined,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await LANGUAGES.node?.lay(taskFolder);
      const file = join(taskFolder, 'bootstrap.mjs');
      await writeFile(file, parts.join(defect?.becomes ?? ''));
      return { file: pinnedNode(), args: [file], variables: {} };
    },
  };
}
