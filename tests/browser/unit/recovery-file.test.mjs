import assert from 'node:assert/strict';
import { test } from 'node:test';

const modules = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/', import.meta.url);
const { Texts } = await import(new URL('dictionary.js', modules));
const { default: en } = await import(new URL('languages/en.js', modules));
const { recoveryFile } = await import(new URL('recovery-file.js', modules));

const names = [
  ['Acme', 'acme-recovery-code.txt'],
  ['Ada & Sons Bank', 'ada-sons-bank-recovery-code.txt'],
  ['Müller Straßenbau', 'muller-strassenbau-recovery-code.txt'],
  ['../../etc/passwd', 'etc-passwd-recovery-code.txt'],
  ['a\u202egnp.exe "<>|?*:\\', 'a-gnp-exe-recovery-code.txt'],
  ['日本銀行', 'main-tenant-recovery-code.txt'],
  ['x'.repeat(300), `${'x'.repeat(40)}-recovery-code.txt`],
];

for (const [tenant, name] of names) {
  test(`The recovery file of ${JSON.stringify(tenant.slice(0, 40))} is named ${name}`, () => {
    const texts = new Texts(en, 'en', { tenantName: tenant });

    assert.equal(recoveryFile(texts, { tenant, tenantId: 'main_tenant', account: '' }, 'CODE').name, name);
  });
}

test('The recovery file of a tenant without Latin letters has a general name', () => {
  assert.equal(recoveryFile(new Texts(en, 'en', {}), { tenant: '日本', tenantId: '', account: '' }, 'CODE').name, 'recovery-code.txt');
});

test('The recovery file contains the code, the tenant and the account', () => {
  const owner = { tenant: 'Acme', tenantId: 'acme', account: 'ada@example.com' };
  const { text } = recoveryFile(new Texts(en, 'en', { tenantName: 'Acme', account: owner.account }), owner, 'ABCD EFGH');

  assert.match(text, /Acme/);
  assert.match(text, /ada@example\.com/);
  assert.match(text, /^ABCD EFGH\r$/m);
});
