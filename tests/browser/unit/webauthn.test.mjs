import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

const modules = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/', import.meta.url);
const { CeremonyError, performCeremony, removeUnusableMethods, toBytes, toText } = await import(new URL('webauthn.js', modules));

const bytes = (...values) => new Uint8Array(values).buffer;

function stubBrowser(credentials, isAvailable = async () => true) {
  Object.defineProperty(globalThis, 'navigator', { value: { credentials }, configurable: true });
  globalThis.PublicKeyCredential = class {
    static isUserVerifyingPlatformAuthenticatorAvailable = isAvailable;
  };
}

afterEach(() => {
  delete globalThis.PublicKeyCredential;
});

test('Bytes survive the way to a text and back', () => {
  for (const text of ['', 'AA', '-_8', 'AAECAwQFBgcICQ']) {
    assert.equal(toText(toBytes(text).buffer), text);
  }
});

test('The options of a registration are decoded, and its answer is encoded', async () => {
  let given;
  stubBrowser({
    async create(options) {
      given = options.publicKey;
      const response = { clientDataJSON: bytes(1), attestationObject: bytes(2), getTransports: () => ['usb'] };
      return { id: 'Aw', rawId: bytes(3), type: 'public-key', response };
    },
  });
  const options = { rp: { id: 'localhost' }, challenge: 'AQ', user: { id: 'Ag', name: 'ada' }, excludeCredentials: [{ type: 'public-key', id: 'Aw' }] };

  const answer = await performCeremony({ ceremony: 'create', public_key: options }, new AbortController().signal);

  assert.deepEqual(given, {
    rp: { id: 'localhost' },
    challenge: new Uint8Array([1]),
    user: { id: new Uint8Array([2]), name: 'ada' },
    excludeCredentials: [{ type: 'public-key', id: new Uint8Array([3]) }],
  });
  const response = { clientDataJSON: 'AQ', attestationObject: 'Ag', transports: ['usb'] };
  assert.deepEqual(answer, { id: 'Aw', rawId: 'Aw', type: 'public-key', response });
});

test('The answer of a sign-in is encoded, with a user handle or without', async () => {
  for (const [userHandle, text] of [[bytes(9), 'CQ'], [null, undefined]]) {
    const response = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle };
    stubBrowser({ get: async () => ({ id: 'Aw', rawId: bytes(3), type: 'public-key', response }) });

    const answer = await performCeremony({ ceremony: 'get', public_key: { challenge: 'AQ' } }, new AbortController().signal);

    assert.deepEqual(answer.response, { clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw', userHandle: text });
  }
});

test('Each failure of the browser has a reason', async () => {
  for (const [name, reason] of [['NotAllowedError', 'cancelled'], ['InvalidStateError', 'registered'], ['SecurityError', 'wrongPage'], ['NotSupportedError', 'unsupported']]) {
    stubBrowser({
      async get() {
        throw new DOMException('', name);
      },
    });

    await assert.rejects(
      performCeremony({ ceremony: 'get', public_key: { challenge: 'AQ' } }, new AbortController().signal),
      (error) => error instanceof CeremonyError && error.reason === reason,
    );
  }
});

test('The device is offered only where it can be unlocked', async () => {
  const methods = () => ({ authenticatorTypes: ['otp', 'webauthn-platform'], enrollmentMethods: ['webauthn-platform', 'webauthn-roaming'] });
  const fails = async () => {
    throw new Error();
  };
  for (const [isAvailable, isOffered] of [[async () => true, true], [async () => false, false], [fails, false]]) {
    stubBrowser({}, isAvailable);
    const transaction = methods();

    await removeUnusableMethods(transaction);

    assert.equal(transaction.authenticatorTypes.includes('webauthn-platform'), isOffered);
    assert.equal(transaction.enrollmentMethods.includes('webauthn-platform'), isOffered);
    assert.ok(transaction.enrollmentMethods.includes('webauthn-roaming'));
  }
});
