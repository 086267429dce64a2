import assert from 'node:assert/strict';
import { makeEvent, withLength } from '../api/event.ts';
import type { ConformanceCase, Group } from '../case.ts';
import { type Kit, NEXT_PATH } from '../kit.ts';
import { LIFECYCLE, LOGS, MANAGED_INSTANCES } from './sources.ts';

const LARGE_BYTES = 100_000;

const logs = (each: ConformanceCase): ConformanceCase => ({ ...each, needs: ['log', ...(each.needs ?? [])] });

/** Lines that came out, without what a runtime puts before them. */
async function cameOut(kit: Kit, lines: readonly string[]): Promise<readonly string[]> {
  const output = (await kit.process.output()).split('\n');
  return output.flatMap((line) => lines.filter((each) => line.endsWith(each)));
}

const numbered = (what: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${what} ${String(at).padStart(3, '0')}`);

/** What a function writes. */
export const logLines: Group = {
  name: 'log lines',
  cases: [
    logs({
      name: 'log-lines-whole',
      clause: 'A line that a function writes is one event of the log, and whole.',
      source: LOGS,
      does: 'lets the handler write a line of 100 kB between two short ones',
      expects: 'three lines, each whole',
      async run(kit) {
        const lines = ['the first line', `${'x'.repeat(LARGE_BYTES)} the large line`, 'the last line'];
        await kit.invoke({ body: { action: 'log', lines } });
        await kit.poll();
        assert.deepEqual(
          (await cameOut(kit, lines)).map(({ length }) => length),
          lines.map(({ length }) => length),
        );
      },
    }),
    logs({
      name: 'log-lines-in-order',
      clause: 'Lines stand in the log in the order in which they were written, each once.',
      source: LOGS,
      does: 'lets the handler write 30 lines in each of three events',
      expects: '90 lines in that order',
      async run(kit) {
        const events = ['of one', 'of two', 'of three'].map((what) => numbered(what, 30));
        for (const lines of events) await kit.invoke({ body: { action: 'log', lines } });
        await kit.poll();
        assert.deepEqual(await cameOut(kit, events.flat()), events.flat());
      },
    }),
    logs({
      name: 'log-lines-before-poll',
      clause: 'Lines of an event are out before the next poll, which freezes the environment.',
      source: LIFECYCLE,
      does: 'lets the handler write lines of ERROR, and looks when the poll comes',
      expects: 'all of them',
      async run(kit) {
        const lines = numbered('early', 3);
        await kit.invoke({ body: { action: 'log', level: 'error', lines } });
        await kit.poll();
        assert.deepEqual(await cameOut(kit, lines), lines);
      },
    }),
    logs({
      name: 'log-lines-of-exit',
      clause: 'Lines that were written before a function ended its process are not lost.',
      source: LOGS,
      does: 'lets the handler write lines and exit',
      expects: 'all of them by the time of whatever follows',
      needs: ['exit'],
      async run(kit) {
        const lines = numbered('last words', 20);
        await kit.deliver({ body: { action: 'log', lines, code: 3 } });
        await kit.requestOrEnd();
        assert.deepEqual(await cameOut(kit, lines), lines);
      },
    }),
    logs({
      name: 'log-lines-apart',
      clause: 'Lines of events that run at once are kept apart: none stands within another.',
      source: MANAGED_INSTANCES,
      proof: `${MANAGED_INSTANCES}: each line carries the id of its event; print() of Python writes a text and its line end apart`,
      does: 'lets two events wait for each other and write 20 lines each',
      expects: 'all lines whole, those of each event in their order',
      needs: ['concurrency'],
      variables: {
        AWS_LAMBDA_MAX_CONCURRENCY: '2',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
      },
      async run(kit) {
        const file = kit.file();
        const events = ['one', 'two'].map((what) => numbered(what, 20));
        for (const lines of events) {
          const poll = await kit.request('a poll', ({ path }) => path === NEXT_PATH);
          poll.send(withLength(makeEvent({ body: { action: 'log', lines, path: file.path } })));
        }
        file.touch();
        for (const _ of events) {
          const answer = await kit.request('an answer', ({ method }) => method === 'POST');
          (await answer.whole()).accept();
        }
        const written = (await kit.process.output()).split('\n');
        const found = written.map((line) => events.flat().filter((each) => line.includes(each)));
        assert.deepEqual(
          found.filter(({ length }) => length > 1),
          [],
          'lines that hold another',
        );
        for (const lines of events)
          assert.deepEqual(
            found.flat().filter((each) => lines.includes(each)),
            lines,
          );
      },
    }),
  ],
};
