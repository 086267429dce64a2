import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { LOG_FORMATS, LOG_LEVELS } from './sources.ts';

interface LogLine {
  readonly timestamp?: unknown;
  readonly level?: unknown;
  readonly requestId?: unknown;
  readonly message?: unknown;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const inJson = (each: ConformanceCase): ConformanceCase => ({
  ...each,
  needs: ['log', 'log-json'],
  variables: { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO', ...each.variables },
});

/** Has the handler write lines; returns what is in the log when the next poll comes. */
async function written(kit: Kit, level: string, ...lines: readonly string[]): Promise<readonly LogLine[]> {
  const seen = (await kit.process.output()).length;
  const answer = await kit.ask({ body: { action: 'log', level, lines } });
  assert.match(answer.path, /\/response$/);
  const output = (await kit.process.output()).slice(seen).trimEnd();
  answer.accept();
  return output === '' ? [] : output.split('\n').map((line): LogLine => JSON.parse(line));
}

/** Log lines where the function's settings ask for JSON. */
export const logFormatJson: Group = {
  name: 'log format JSON',
  cases: [
    inJson({
      name: 'log-json-members',
      clause: 'A line is an object with the time as in RFC 3339, the level and the message.',
      source: LOG_FORMATS,
      does: 'lets the handler write a line',
      expects: 'one line of JSON with them',
      async run(kit) {
        const [line, ...others] = await written(kit, 'error', 'the message');
        assert.match(String(line?.timestamp), RFC_3339);
        assert.equal(line?.level, 'ERROR');
        assert.equal(line?.message, 'the message');
        assert.deepEqual(others, []);
      },
    }),
    inJson({
      name: 'log-json-request-id',
      clause: 'A line names the event that it belongs to.',
      source: LOG_FORMATS,
      does: 'lets the handler write a line in each of two events',
      expects: 'the id of each',
      async run(kit) {
        for (const what of ['first', 'second']) {
          const [line] = await written(kit, 'error', what);
          const id = kit.api.requests.at(-1)?.path.split('/')[4];
          assert.equal(line?.requestId, id);
        }
      },
    }),
    inJson({
      name: 'log-json-escapes',
      clause: 'A message of several lines, with quotes, is one line of JSON.',
      source: LOG_FORMATS,
      does: 'lets the handler write one',
      expects: 'the message as it was',
      async run(kit) {
        const message = 'a "quoted" line\nand another: grüße 🔥\\';
        const lines = await written(kit, 'error', message);
        assert.deepEqual(
          lines.map((line) => line.message),
          [message],
        );
      },
    }),
    inJson({
      name: 'log-json-level',
      clause: 'What is below AWS_LAMBDA_LOG_LEVEL is not written.',
      source: LOG_LEVELS,
      does: 'sets ERROR and lets the handler write lines of INFO and of ERROR',
      expects: 'the second only',
      variables: { AWS_LAMBDA_LOG_LEVEL: 'ERROR' },
      async run(kit) {
        assert.deepEqual(await written(kit, 'info', 'not wanted'), []);
        assert.equal((await written(kit, 'error', 'wanted')).length, 1);
      },
    }),
    inJson({
      name: 'log-json-level-names',
      clause: 'Each level has its name: INFO, WARN, ERROR.',
      source: LOG_LEVELS,
      does: 'lets the handler write a line of each',
      expects: 'these names',
      async run(kit) {
        for (const [level, name] of [
          ['info', /^INFO$/],
          // Lambda takes both.
          ['warn', /^WARN(ING)?$/],
          ['error', /^ERROR$/],
        ] as const) {
          const [line] = await written(kit, level, level);
          assert.match(String(line?.level), name);
        }
      },
    }),
  ],
};
