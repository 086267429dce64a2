import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call } from '../../runtime/cli/verb.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';
import { candidateLayers } from '../bench/candidates/candidate-layers.ts';
import type { Group } from './case.ts';
import { GROUPS } from './cases/all-groups.ts';
import { judge } from './judge.ts';
import { writeMarkdown } from './report/markdown.ts';
import { writePage } from './report/page.ts';
import { writeSum, writeTable } from './report/table.ts';
import type { Judgement } from './result.ts';
import { commandSubject } from './subjects/command.ts';
import { peerSubjects } from './subjects/peers.ts';
import { pilotlightSubject } from './subjects/pilotlight.ts';
import type { Subject } from './subjects/subject.ts';

const DIST = 'dist';

/**
 * Judges bootstraps and prints the verdicts.
 *
 * @param builder makes our own layers
 * @param call the command line
 * @returns 1 when a case failed
 * @throws {ToolError} `USAGE` for an unknown case, language or feature, and for options that do not go together;
 * `CANNOT` for a command that cannot be started
 */
export async function runConformance(builder: Builder, call: Call): Promise<number> {
  const { values, output, signal } = call;
  const groups = chosenGroups((values.case ?? []) as readonly string[]);
  if (values.list === true) {
    output.result(output.json ? `${JSON.stringify(listed(groups))}\n` : writeList(groups));
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'pilotlight-kit-'));
  try {
    const judgements: Judgement[] = [];
    for (const subject of await subjectsOf(builder, call, folder)) {
      if (subject.missing !== undefined) {
        output.note(`${subject.name} was left out: ${subject.missing}`);
        continue;
      }
      const judgement = await judge(subject, groups, {
        signal,
        onResult: ({ verdict, name }) => output.detail(`${verdict}  ${name}`),
      });
      if (values.peers === true) output.note(writeSum(judgement.subject, judgement.results));
      judgements.push(judgement);
    }
    if (output.json) output.result(`${JSON.stringify(judgements)}\n`);
    else if (values.peers === true) output.result(writeMarkdown(judgements));
    else output.result(judgements.map(writeTable).join('\n'));
    if (values.html !== undefined) {
      const file = String(values.html);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, writePage(judgements));
      output.note(`wrote ${file}`);
    }
    return judgements.some(({ results }) => results.some(({ verdict }) => verdict === 'fail')) ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function subjectsOf(
  builder: Builder,
  { values, positionals, output, signal }: Call,
  folder: string,
): Promise<readonly Subject[]> {
  const [program, ...args] = positionals;
  for (const name of program === undefined ? ['language', 'without'] : ['interpreter', 'peers']) {
    // Our own runtime can be judged with another handler than Node's.
    if (values[name] === undefined || (program === undefined && values[name] === 'crystal')) continue;
    const wanted = program === undefined ? 'a COMMAND behind it' : 'no COMMAND with it';
    throw new ToolError('USAGE', `Cannot use --${name} here: expected ${wanted}`);
  }
  if (program !== undefined) {
    const without = (values.without ?? []) as readonly string[];
    const language = String(values.language ?? 'node');
    return [commandSubject([program, ...args], language, without, process.cwd())];
  }
  const interpreter = String(values.interpreter ?? 'node');
  const built = await builder.buildLayers({
    // The bootstrap runs on Node, whatever its workers run on.
    interpreters: [...new Set(['node', interpreter])],
    arch: MACHINE_ARCH,
    out: DIST,
    signal,
    note: (line) => output.note(line),
  });
  const layers = candidateLayers(built, folder, signal);
  const own = pilotlightSubject(layers, {
    interpreter,
    ...(values.language !== undefined && { language: String(values.language) }),
  });
  return values.peers === true ? [own, ...peerSubjects()] : [own];
}

/** A name is a case's or a group's. */
function chosenGroups(names: readonly string[]): readonly Group[] {
  if (names.length === 0) return GROUPS;
  const chosen = GROUPS.map((group) => ({
    name: group.name,
    cases: group.cases.filter(({ name }) => names.includes(name) || names.includes(group.name)),
  })).filter(({ cases }) => cases.length > 0);
  const known = new Set(GROUPS.flatMap(({ name, cases }) => [name, ...cases.map((each) => each.name)]));
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return chosen;
  throw new ToolError('USAGE', `Unknown case "${unknown}", expected the name of a case or a group`, {
    next: 'pilotlight conformance --list',
  });
}

/** What a case is, without what runs it. */
function listed(groups: readonly Group[]) {
  return groups.flatMap((group) =>
    group.cases.map(({ name, clause, source, does, expects, proof }) => ({
      name,
      group: group.name,
      clause,
      source,
      does,
      expects,
      proof,
    })),
  );
}

function writeList(groups: readonly Group[]): string {
  const width = Math.max(...groups.flatMap(({ cases }) => cases.map(({ name }) => name.length)));
  return groups
    .map(({ name, cases }) => {
      const lines = cases.map((each) => `  ${each.name.padEnd(width)}  ${each.clause}`);
      return `${[name, ...lines].join('\n')}\n`;
    })
    .join('');
}
