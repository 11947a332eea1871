import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const server = new URL('../../../src/Sallyport.Server/', import.meta.url);

for (const file of readdirSync(new URL('Languages/Texts/', server))) {
  const name = file.replace('.json', '');

  test(`${name}: the server's errors are the headings that the widget shows after them`, async () => {
    const texts = JSON.parse(readFileSync(new URL(`Languages/Texts/${file}`, server), 'utf8'));
    const { default: dictionary } = await import(new URL(`wwwroot/js/mfa-widget/modules/languages/${name}.js`, server));

    for (const error of ['ticketUnknown', 'ticketUsed', 'ticketExpired', 'ticketWithdrawn', 'userBlocked']) {
      assert.equal(texts[error], dictionary.generalError.headings[error], error);
    }
  });
}
