import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const widget = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/', import.meta.url);
const files = readdirSync(new URL('modules/', widget), { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.js'));

test('The script asks for every module at once', () => {
  const script = readFileSync(new URL('mfa-widget.js', widget), 'utf8');
  const parts = /const parts = \[([^\]]*)\]/.exec(script)[1].match(/[\w/-]+/g);
  const expected = files.map((name) => name.replace(/\.js$/, '')).filter((name) => !/^(?:preview$|languages\/(?!index))/.test(name));

  assert.deepEqual(parts.toSorted(), expected.toSorted());
});

test('The script knows every language, to ask early for the one that is spoken', () => {
  const script = readFileSync(new URL('mfa-widget.js', widget), 'utf8');
  const languages = /const languages = \[([^\]]*)\]/.exec(script)[1].match(/[\w-]+/g);
  const expected = files.filter((name) => /^languages\/(?!index)/.test(name)).map((name) => name.slice('languages/'.length, -'.js'.length));

  assert.deepEqual(languages.toSorted(), expected.toSorted());
});

test('Data becomes text and never markup', () => {
  for (const name of files) {
    const source = readFileSync(new URL(`modules/${name}`, widget), 'utf8');
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/, name);
  }
});
