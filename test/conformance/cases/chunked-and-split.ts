import assert from 'node:assert/strict';
import { type EventMessage, makeEvent, withChunks, withLength } from '../api/event.ts';
import type { ConformanceCase, Group } from '../case.ts';
import { HTTP } from './sources.ts';

const BODY = { action: 'echo', value: 'chunks and splits, chunks and splits' };

/** The event comes whole however it is cut. */
function comesWhole(
  name: string,
  clause: string,
  does: string,
  write: (event: EventMessage) => Uint8Array,
): ConformanceCase {
  return {
    name,
    clause,
    source: HTTP,
    does,
    expects: 'the event whole',
    async run(kit) {
      assert.deepEqual((await kit.invoke({ body: BODY }, write)).json, BODY);
      await kit.serves();
    },
  };
}

/** The event is written in pieces, each in a turn of its own of the kit's loop. */
function inPieces(
  name: string,
  clause: string,
  does: string,
  pieceBytes: number,
  delayMs = 0,
): ConformanceCase {
  return {
    name,
    clause,
    source: HTTP,
    does,
    expects: 'the event whole',
    async run(kit) {
      const event = makeEvent({ body: BODY });
      const poll = await kit.poll();
      const bytes = withLength(event);
      for (let from = 0; from < bytes.length; from += pieceBytes) {
        poll.send(bytes.subarray(from, from + pieceBytes));
        // The pause is what is tested: pieces are to arrive one by one.
        await new Promise((resolve) =>
          delayMs === 0 ? setImmediate(resolve) : setTimeout(resolve, delayMs),
        );
      }
      const answer = await kit.post(event.id);
      assert.deepEqual(answer.json, BODY);
      answer.accept();
      await kit.serves();
    },
  };
}

const interim = (line: string) => (event: EventMessage) =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${line}\r\n\r\n`), withLength(event)]);

/** The same event in every form that HTTP allows. */
export const chunkedAndSplit: Group = {
  name: 'chunked and split frames',
  cases: [
    comesWhole('chunked', 'A body may be chunked.', 'sends one chunk', (event) => withChunks(event, 4096)),
    comesWhole('chunked-by-byte', 'Chunks may be of any size.', 'sends chunks of one byte', (event) =>
      withChunks(event, 1),
    ),
    comesWhole(
      'chunked-extensions',
      'A chunk may have extensions, which are ignored.',
      'sends 5;name="a;b"',
      (event) => withChunks(event, 5, (bytes) => `${bytes.toString(16)};name="a;b"`),
    ),
    comesWhole(
      'chunked-digits',
      'A chunk’s size is hexadecimal in either case, zeros before it.',
      'sends 000A',
      (event) => withChunks(event, 10, (bytes) => `000${bytes.toString(16).toUpperCase()}`),
    ),
    comesWhole('chunked-trailers', 'Trailers may follow the last chunk.', 'sends two', (event) =>
      withChunks(event, 20, undefined, ['X-First: 1', 'X-Second: 2']),
    ),
    comesWhole('chunked-name-case', 'The name of a coding has no case.', 'sends "Chunked"', (event) =>
      Buffer.from(withChunks(event, 20).toString().replace('chunked\r\n', 'Chunked\r\n')),
    ),
    comesWhole(
      'frame-no-reason',
      'The reason behind a status may be empty.',
      'sends "HTTP/1.1 200 "',
      (event) => withLength({ ...event, lines: ['HTTP/1.1 200 ', ...event.lines.slice(1)] }),
    ),
    {
      ...comesWhole(
        'frame-interim-100',
        'Interim answers come before the answer.',
        'sends 100 Continue first',
        interim('100 Continue'),
      ),
      needs: ['interim-100'],
    },
    comesWhole(
      'frame-interim-103',
      'Interim answers come before the answer.',
      'sends 103 Early Hints first',
      interim('103 Early Hints\r\nLink: </a>'),
    ),
    inPieces('frame-split-by-byte', 'A message may come in any pieces.', 'sends single bytes', 1),
    inPieces('frame-split-by-7', 'A message may come in any pieces.', 'sends seven bytes at a time', 7),
    inPieces('frame-slow', 'A message may come slowly.', 'sends 40 bytes every 60 ms', 40, 60),
  ],
};
