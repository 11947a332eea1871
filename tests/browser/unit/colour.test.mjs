import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  backgrounds,
  contrast,
  onPrimary,
  parseColour,
  readable,
} from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/colour.js';

const css = readFileSync(
  new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/styles/base.css', import.meta.url),
  'utf8',
);

/** The same 1,000 colours on every run, so that a failure can be repeated. */
function* colours(seed = 20260131) {
  let state = seed;
  for (let i = 0; i < 1000; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield [state >>> 24, (state >>> 16) & 255, (state >>> 8) & 255];
  }
}

for (const mode of ['light', 'dark']) {
  test(`1,000 random colours become readable in ${mode} mode, as text and as background`, () => {
    for (const colour of colours()) {
      const result = parseColour(readable(colour, mode));

      for (const other of [...backgrounds[mode], onPrimary[mode]]) {
        const ratio = contrast(result, parseColour(other));
        assert.ok(ratio >= 4.5, `${colour} became ${result}, ${ratio.toFixed(2)} on ${other}`);
      }
    }
  });
}

test('A readable colour is not changed', () => {
  assert.equal(readable([0x38, 0x48, 0xd4], 'light'), '#3848d4');
  assert.equal(readable([0x93, 0xa4, 0xff], 'dark'), '#93a4ff');
});

test('Black and white have a contrast of 21 to 1', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]).toFixed(2), '21.00');
});

test('The backgrounds are those of the stylesheet', () => {
  const [light, dark] = css.split('prefers-color-scheme: dark');
  const tokens = (part, mode) => [
    [/--sp-surface: (#\w+)/.exec(part)[1], /--sp-page: (#\w+)/.exec(part)[1]],
    new RegExp(`--sp-on-primary-${mode}, (#\\w+)`).exec(part)[1],
  ];

  assert.deepEqual(tokens(light, 'light'), [backgrounds.light, onPrimary.light]);
  assert.deepEqual(tokens(dark, 'dark'), [backgrounds.dark, onPrimary.dark]);
});

test('In the stylesheet texts have a contrast of 4.5 to 1, edges of 3 to 1', () => {
  for (const part of css.split('prefers-color-scheme: dark').slice(0, 2)) {
    const token = (name) => parseColour(new RegExp(`--sp-${name}:[^;]*?(#[0-9a-f]{6})`).exec(part)[1]);
    for (const background of [token('surface'), token('page')]) {
      for (const text of ['ink', 'muted', 'primary', 'ok', 'danger']) {
        assert.ok(contrast(token(text), background) >= 4.5, text);
      }
      assert.ok(contrast(token('edge'), background) >= 3, 'edge');
    }
  }
});

const written = [
  ['#abc', [0xaa, 0xbb, 0xcc]],
  ['#abcd', [0xaa, 0xbb, 0xcc]],
  [' #EA5323 ', [0xea, 0x53, 0x23]],
  ['#ea532380', [0xea, 0x53, 0x23]],
  ['rgb(234, 83, 35)', [234, 83, 35]],
  ['rgb(234 83 35 / 50%)', [234, 83, 35]],
  ['rgba(999,0,0,0.5)', [255, 0, 0]],
  ['#abcde', null],
  ['tomato', null],
  ['', null],
  ['red; background: url(x)', null],
];

for (const [text, colour] of written) {
  test(`${JSON.stringify(text)} is read as ${JSON.stringify(colour)}`, () => {
    assert.deepEqual(parseColour(text), colour);
  });
}
