import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otpauthUri } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/otpauth.js';

const secret = 'JBSWY3DPEHPK3PXP';

test('The label is issuer and account, the parameters are secret and issuer', () => {
  assert.equal(
    otpauthUri({ issuer: 'Acme Bank', account: 'ada@example.com', secret }),
    'otpauth://totp/Acme%20Bank:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Acme%20Bank',
  );
});

test('Characters with a meaning in addresses are encoded', () => {
  const uri = new URL(otpauthUri({ issuer: 'A:B&C=D?#/ü', account: 'x:y&secret=1', secret }));

  assert.equal(uri.searchParams.get('secret'), secret);
  assert.equal(uri.searchParams.get('issuer'), 'A:B&C=D?#/ü');
  assert.deepEqual([...uri.searchParams.keys()], ['secret', 'issuer']);
  assert.equal(uri.href.split('?')[0].split(':').length, 3);
});

test('Without an account the label is the issuer', () => {
  assert.equal(otpauthUri({ issuer: 'Acme', account: '', secret }), `otpauth://totp/Acme?secret=${secret}&issuer=Acme`);
});

test('Without an issuer there is no issuer parameter', () => {
  assert.equal(otpauthUri({ issuer: '', account: 'ada', secret }), `otpauth://totp/ada?secret=${secret}`);
});
