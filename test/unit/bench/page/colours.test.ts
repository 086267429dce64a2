import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chooseLooks, PEER_COLOURS } from '../../../bench/page/looks.ts';
import { sampleResult } from './sample-result.ts';

const CSS = readFileSync(new URL('../../../bench/page/page.css', import.meta.url), 'utf8');
const [LIGHT = '', DARK = ''] = CSS.split('@media (prefers-color-scheme: dark)');
const NAMES = ['base', 'floor', ...Array.from({ length: PEER_COLOURS }, (_, at) => String(at))];

/** Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB. */
const SIGHTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};
/** In CIE Lab; about 2 can just be told apart side by side. Names stand beside every line as well. */
const LEAST_DISTANCE = 10;
/** WCAG 2.2, 1.4.11, for what is drawn. */
const LEAST_CONTRAST = 3;

for (const [mode, css] of [
  ['light', LIGHT],
  ['dark', DARK],
] as const) {
  test(`the ${mode} colours stand out from the page and from each other, whatever colours one sees`, () => {
    const back = luminance(colour(css, 'back'));
    for (const name of NAMES) {
      const own = luminance(colour(css, `paint-${name}`));
      const contrast = (Math.max(own, back) + 0.05) / (Math.min(own, back) + 0.05);
      assert.ok(contrast >= LEAST_CONTRAST, `${name}: ${contrast}`);
    }
    for (const [sight, matrix] of Object.entries(SIGHTS)) {
      const seen = NAMES.map((name) => lab(multiply(matrix, colour(css, `paint-${name}`))));
      for (const [at, first] of seen.entries()) {
        for (const [other, second] of seen.slice(0, at).entries()) {
          const distance = Math.hypot(...first.map((value, axis) => value - (second[axis] ?? 0)));
          assert.ok(distance >= LEAST_DISTANCE, `${NAMES[at]} and ${NAMES[other]}, ${sight}: ${distance}`);
        }
      }
    }
  });
}

test('chooseLooks() gives candidates looks of their own, and a control the colour of what it repeats', () => {
  const looks = [...chooseLooks(sampleResult().candidates).values()];
  assert.equal(new Set(looks.map(({ paint, dash }) => `${paint} ${dash}`)).size, looks.length);
  const paintOf = (name: string) => looks.find((look) => look.name === name)?.paint;
  assert.equal(paintOf('official-again'), paintOf('official-node'));
});

test('chooseLooks() tells two floors apart by their dashes', () => {
  const floors = (['one', 'two'] as const).map(
    (name) => ({ name, description: '', versions: {}, role: 'floor' }) as const,
  );
  assert.equal(new Set([...chooseLooks(floors).values()].map(({ dash }) => dash)).size, 2);
});

function colour(css: string, name: string): number[] {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(css)?.[1];
  assert.ok(hex, name);
  return [0, 2, 4].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

function multiply(matrix: readonly (readonly number[])[], rgb: readonly number[]): number[] {
  return matrix.map((row) => {
    const sum = row.reduce((total, factor, at) => total + factor * (rgb[at] ?? 0), 0);
    return Math.min(Math.max(sum, 0), 1);
  });
}

function luminance(rgb: readonly number[]): number {
  return multiply([[0.2126, 0.7152, 0.0722]], rgb)[0] ?? 0;
}

function lab(rgb: readonly number[]): [number, number, number] {
  const [x = 0, y = 0, z = 0] = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
  ].map((row, at) => {
    const value =
      row.reduce((sum, factor, axis) => sum + factor * (rgb[axis] ?? 0), 0) / ([0.9505, 1, 1.089][at] ?? 1);
    return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
