import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import { JSON_TEXT } from './sources.ts';

const NEEDS_BYTES = 'JSON between systems is UTF-8';

function comesBack(name: string, value: string, what: string): ConformanceCase {
  return {
    name,
    clause: `${NEEDS_BYTES}: ${what}.`,
    source: JSON_TEXT,
    does: `sends ${what}`,
    expects: 'the same text back',
    async run(kit) {
      const answer = await kit.invoke({ body: { action: 'echo', value } });
      assert.deepEqual(answer.json, { action: 'echo', value });
    },
  };
}

/** Text beyond ASCII. */
export const unicode: Group = {
  name: 'unicode',
  cases: [
    comesBack('unicode-planes', 'aé€𝄞🔥👩‍👩‍👧', 'characters of one to four bytes'),
    comesBack('unicode-separators', 'a\u2028b\u2029c\u0085d\u00a0', 'line separators that are no line ends'),
    comesBack(
      'unicode-marks',
      'e\u0301 \u202eabc\u202c \ufeff',
      'combining marks, directions, a mark of byte order',
    ),
    {
      name: 'unicode-surrogates',
      clause: `${NEEDS_BYTES}: a pair of escapes is one character.`,
      source: JSON_TEXT,
      does: 'sends "\\ud83d\\ude00"',
      expects: 'U+1F600',
      needs: ['json'],
      async run(kit) {
        assert.equal((await kit.invoke({ body: Buffer.from('"\\ud83d\\ude00"') })).json, '\u{1f600}');
      },
    },
    {
      name: 'unicode-lone-surrogate',
      clause: 'An escape that is half a pair may not cost more than its own invocation.',
      source: JSON_TEXT,
      does: 'sends "\\ud800", then an event as usual',
      expects: 'exactly one answer each',
      async run(kit) {
        const answer = await kit.ask({ body: Buffer.from('{"value":"\\ud800"}') });
        answer.accept();
        await kit.serves();
      },
    },
    {
      name: 'unicode-invalid-bytes',
      clause: 'Bytes that are no UTF-8 may not cost more than their own invocation.',
      source: JSON_TEXT,
      does: 'sends a string with 0xFF and half a character, then an event as usual',
      expects: 'exactly one answer each',
      needs: ['json'],
      async run(kit) {
        const answer = await kit.ask({ body: Buffer.from('22ff61e28222', 'hex') });
        answer.accept();
        await kit.serves();
      },
    },
    {
      name: 'unicode-split',
      clause: 'A character may be cut by the end of a packet.',
      source: JSON_TEXT,
      does: 'sends four-byte characters byte by byte, in chunks of one',
      expects: 'the same text back',
      async run(kit) {
        const value = '🔥'.repeat(20);
        const answer = await kit.invoke({ body: { value } }, (event) => {
          const parts = [...event.body].map((byte) => [
            Buffer.from('1\r\n'),
            Buffer.from([byte]),
            Buffer.from('\r\n'),
          ]);
          const head = `${event.lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n`;
          return Buffer.concat([Buffer.from(head), ...parts.flat(), Buffer.from('0\r\n\r\n')]);
        });
        assert.deepEqual(answer.json, { value });
      },
    },
    {
      name: 'unicode-error-message',
      clause: 'The message of an error is UTF-8 in its body, whatever the headers can hold.',
      source: 'aws/aws-lambda-dotnet issue 1011',
      does: 'lets the handler fail with a message beyond ASCII, of two lines',
      expects: 'the message in the body, and no control characters in headers',
      needs: ['throw'],
      async run(kit) {
        const message = 'größer 🔥\nzweite Zeile';
        const answer = await kit.invokeError({ body: { action: 'throw', message } });
        const { errorMessage } = answer.json as { errorMessage: string };
        assert.ok(errorMessage.includes(message), `got ${JSON.stringify(errorMessage)}`);
        for (const [name, value] of answer.headers) assert.match(value, /^[\t\x20-\x7e\x80-\xff]*$/, name);
        await kit.serves();
      },
    },
  ],
};
