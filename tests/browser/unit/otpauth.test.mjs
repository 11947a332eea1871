import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otpauthUri, pushUri } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/otpauth.js';

const secret = 'JBSWY3DPEHPK3PXP';

test('The label is issuer and account, the parameters are secret and issuer', () => {
  assert.equal(
    otpauthUri({ issuer: 'Acme Bank', account: 'ada@example.com', secret }),
    'otpauth://totp/Acme%20Bank:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Acme%20Bank',
  );
});

test('Characters with a meaning in addresses are encoded', () => {
  const uri = new URL(otpauthUri({ issuer: 'A&B&C=D?#/ü%41', account: 'x&secret=1', secret }));

  assert.equal(uri.searchParams.get('secret'), secret);
  assert.equal(uri.searchParams.get('issuer'), 'A&B&C=D?#/ü%41');
  assert.deepEqual([...uri.searchParams.keys()], ['secret', 'issuer']);
  assert.equal(uri.href.split('?')[0].split(':').length, 3);
});

test('A colon stands in the label only between issuer and account', () => {
  const uri = otpauthUri({ issuer: 'Acme: Login', account: 'x::y', secret });

  assert.equal(uri, `otpauth://totp/Acme%20Login:x%20y?secret=${secret}&issuer=Acme%20Login`);
  assert.equal(otpauthUri({ issuer: ':', account: ':', secret }), `otpauth://totp/?secret=${secret}`);
});

const longNames = ['ไ', 'ก็', 'Ж', '漢', '😀', '👩‍👩‍👧‍👦', '🇹🇭', 'e\u0301', 'a', ' ', '&', 'a:', '\ud800'];

for (const unit of longNames) {
  test(`Names of many ${JSON.stringify(unit)} are shortened by whole characters until the QR code is of version 15`, () => {
    const long = unit.repeat(400);
    for (const [issuer, account] of [[long, long], [long, 'ada@example.com'], ['Acme', long], [long, ''], ['', long], [unit.repeat(54), unit.repeat(54)]]) {
      const uri = otpauthUri({ issuer, account, secret: secret.repeat(2) });
      const shown = new URL(uri).searchParams.get('issuer') ?? '';
      const label = decodeURIComponent(uri.slice('otpauth://totp/'.length, uri.indexOf('?')));
      const shortened = label.slice(shown.length + (shown && label.length > shown.length ? 1 : 0));

      assert.ok(uri.length <= 412, `${uri.length}`);
      assert.ok(label.startsWith(shown));
      for (const [name, whole] of [[shown, issuer], [shortened, account]]) {
        const expected = whole.includes(':') ? whole.replaceAll(':', ' ').trim() : whole.replaceAll('\ud800', '\ufffd');
        const segments = new Set(Array.from(new Intl.Segmenter().segment(expected), ({ index }) => index).concat(expected.length));
        assert.ok(expected.startsWith(name));
        assert.ok(segments.has(name.length), 'cut within a character');
        assert.ok(name.length > 0 || whole === '', 'nothing is left');
      }
    }
  });
}

test('Names that fit are not shortened, whatever their proportion', () => {
  const account = 'a'.repeat(300);

  assert.ok(otpauthUri({ issuer: 'Acme', account, secret }).includes(`Acme:${account}?`));
  assert.ok(otpauthUri({ issuer: 'b'.repeat(160), account: 'ada', secret }).includes(`/${'b'.repeat(160)}:ada?`));
});

test('Without an account the label is the issuer', () => {
  assert.equal(otpauthUri({ issuer: 'Acme', account: '', secret }), `otpauth://totp/Acme?secret=${secret}&issuer=Acme`);
});

test('Without an issuer there is no issuer parameter', () => {
  assert.equal(otpauthUri({ issuer: '', account: 'ada', secret }), `otpauth://totp/ada?secret=${secret}`);
});

test('The URI for an app that enrolls itself has what guardian.js writes, and fits a QR code with long names', () => {
  const device = { secret, enrollmentId: 'x'.repeat(32), deviceId: 'dev_0123456789abcdef', baseUrl: 'https://mfa.example.com/appliance-mfa' };
  const uri = new URL(pushUri({ issuer: 'Acme: Bank', account: 'ada@example.com', ...device }));

  assert.equal(uri.protocol + uri.host, 'otpauth:totp');
  assert.deepEqual(
    Object.fromEntries(uri.searchParams),
    {
      secret, issuer: 'Acme Bank', enrollment_tx_id: device.enrollmentId, id: device.deviceId, base_url: device.baseUrl,
      algorithm: 'sha1', digits: '6', counter: '0', period: '30',
    },
  );
  assert.ok(pushUri({ issuer: '漢'.repeat(200), account: 'ไ'.repeat(200), ...device }).length <= 620);
});
