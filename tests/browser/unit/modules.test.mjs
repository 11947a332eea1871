import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const widget = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/', import.meta.url);
const modules = readdirSync(new URL('modules/', widget), { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => name.slice(0, -'.js'.length));

/** @param {string} list the name of a constant in the script */
function namesIn(list) {
  const script = readFileSync(new URL('mfa-widget.js', widget), 'utf8');
  return new RegExp(`const ${list} = \\[([^\\]]*)\\]`).exec(script)[1].match(/[\w/-]+/g).toSorted();
}

test('The script preloads every module except languages, screens and the preview', () => {
  const expected = modules.filter((name) => !/^(?:preview$|(?:languages|screens)\/(?!index$))/.test(name));

  assert.deepEqual(namesIn('parts'), expected.toSorted());
});

test('The script knows every language, so that it can preload one', () => {
  const expected = modules.filter((name) => /^languages\/(?!index$)/.test(name)).map((name) => name.slice('languages/'.length));

  assert.deepEqual(namesIn('languages'), expected.toSorted());
});

test('No module turns data into markup or code', () => {
  for (const name of modules) {
    const source = readFileSync(new URL(`modules/${name}.js`, widget), 'utf8');
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/, name);
  }
});
