import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const widget = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/', import.meta.url);
const modules = readdirSync(new URL('modules/', widget), { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => name.slice(0, -'.js'.length));

test('No module turns data into markup or code', () => {
  for (const name of modules) {
    const source = readFileSync(new URL(`modules/${name}.js`, widget), 'utf8');
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/, name);
  }
});
