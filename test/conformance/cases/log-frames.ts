import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import type { LogFrame } from '../log-frames.ts';
import { LOG_FRAMES } from './sources.ts';

const JSON_TYPE = 0xa55a0002;
/** The bits of the type that hold the level. */
const LEVEL_BITS = 0x1c;

const inFrames = (each: Omit<ConformanceCase, 'source' | 'hasLogDescriptor'>): ConformanceCase => ({
  ...each,
  source: LOG_FRAMES,
  hasLogDescriptor: true,
  needs: ['log', 'log-frames', ...(each.needs ?? [])],
});

/** Has the handler write lines; returns what is in the log when the answer comes. */
async function written(kit: Kit, ...lines: readonly string[]): Promise<readonly LogFrame[]> {
  await kit.invoke({ body: { action: 'log', level: 'error', lines } });
  return kit.process.logFrames();
}

/** Log lines where Lambda names a descriptor for them in `_LAMBDA_TELEMETRY_LOG_FD`. */
export const logFrames: Group = {
  name: 'log frames',
  cases: [
    inFrames({
      name: 'log-frame-type',
      clause: 'A frame begins with its type: text, and the level if there is one.',
      does: 'lets the handler write a line of ERROR',
      expects: 'one frame of 0xa55a0003, with 20 or nothing for the level',
      async run(kit) {
        const [frame, ...others] = await written(kit, 'the message');
        assert.match(frame?.type.toString(16) ?? 'none', /^a55a00(03|17)$/);
        assert.deepEqual(others, []);
      },
    }),
    inFrames({
      name: 'log-frame-length',
      clause: 'The length of a frame is that of its text in bytes.',
      does: 'lets the handler write characters beyond ASCII',
      expects: 'two frames that hold them whole',
      async run(kit) {
        const lines = ['grüße 🔥', 'plain'];
        const texts = (await written(kit, ...lines)).map(({ text }) => text.trimEnd());
        assert.equal(texts.length, 2);
        for (const [at, line] of lines.entries()) assert.ok(texts[at]?.endsWith(line), texts[at]);
      },
    }),
    inFrames({
      name: 'log-frame-time',
      clause: 'A frame has its time in microseconds since 1970.',
      does: 'lets the handler write a line',
      expects: 'a time between the event and its answer',
      async run(kit) {
        await kit.serves();
        const fromMs = Date.now();
        const [frame] = await written(kit, 'the message');
        const timeMs = Number(frame?.microseconds) / 1000;
        assert.ok(
          fromMs - 1 <= timeMs && timeMs <= Date.now() + 1,
          `got ${timeMs}, expected ${fromMs} or later`,
        );
      },
    }),
    inFrames({
      name: 'log-frame-line-ends',
      clause: 'One frame is one event of the log, line ends and all.',
      does: 'lets the handler write a message of three lines',
      expects: 'one frame with them',
      async run(kit) {
        const frames = await written(kit, 'one\ntwo\nthree');
        assert.equal(frames.length, 1);
        assert.match(frames[0]?.text ?? '', /one\ntwo\nthree\n?$/);
      },
    }),
    inFrames({
      name: 'log-frame-alone',
      clause: 'What is in a frame is not on standard output too, or it would be logged twice.',
      does: 'lets the handler write a line',
      expects: 'a frame, and none on standard output or standard error',
      async run(kit) {
        assert.equal((await written(kit, 'said once')).length, 1);
        assert.doesNotMatch(await kit.process.output(), /said once/);
      },
    }),
    inFrames({
      name: 'log-frame-json',
      clause: 'A frame in the log format JSON says so, and holds an object.',
      does: 'sets that format and lets the handler write a line',
      expects: 'one frame of 0xa55a0002',
      needs: ['log-json'],
      variables: { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' },
      async run(kit) {
        const [frame] = await written(kit, 'the message');
        assert.equal((Number(frame?.type) & ~LEVEL_BITS) >>> 0, JSON_TYPE);
        assert.equal((JSON.parse(frame?.text ?? '') as { message: unknown }).message, 'the message');
      },
    }),
  ],
};
