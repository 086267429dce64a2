import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeText, markup } from '../../../bench/page/markup.ts';

test('markup escapes what is put in, in elements and in attributes', () => {
  const name = `<script>alert("x")</script>' onload='&`;
  assert.equal(
    markup`<p title="${name}">${name}</p>`.markup.replace(/&(amp|lt|gt|quot|#39);/g, ''),
    '<p title="scriptalert(x)/script onload=">scriptalert(x)/script onload=</p>',
  );
});

test('markup puts in other markup, lists and numbers, and nothing for undefined and false', () => {
  const items = ['a', 'b&'].map((text) => markup`<li>${text}</li>`);
  assert.equal(markup`${items}${1.5}${undefined}${false}`.markup, '<li>a</li><li>b&amp;</li>1.5');
});

test('escapeText() drops control characters and halves of characters, and keeps line ends', () => {
  assert.equal(escapeText('a\u0000\u001b[31m\ud800b\n\u{1f600}'), 'a[31mb\n\u{1f600}');
});
