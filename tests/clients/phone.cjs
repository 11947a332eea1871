'use strict';

// A phone with an app on the Guardian SDK, signed with Node's own cryptography. It reads its messages from the outbox folder.

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

class Phone {
  identifier = `local-${crypto.randomUUID()}`;
  pushToken = `push-token-${crypto.randomUUID()}`;

  constructor({ serviceUrl, outbox }) {
    this.base = `${serviceUrl}/api`;
    this.outbox = outbox;
    this.key = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  }

  async enroll(enrollmentId) {
    const { n, e } = this.key.publicKey.export({ format: 'jwk' });
    const response = await this.send('enroll', `Ticket id="${enrollmentId}"`, {
      identifier: this.identifier,
      name: 'Phone of Node',
      push_credentials: { service: 'GCM', token: this.pushToken },
      // Java and Swift write the modulus with a leading zero byte.
      public_key: { kty: 'RSA', alg: 'RS256', use: 'sig', e, n: Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')]).toString('base64url') },
    });
    return response.json();
  }

  messages() {
    return fs.existsSync(this.outbox) ? fs.readdirSync(this.outbox).filter((name) => name.endsWith('.json')) : [];
  }

  // Waits for the next message to this phone.
  async message(before) {
    for (;;) {
      const text = this.messages()
        .filter((name) => !before.includes(name))
        .map((name) => fs.readFileSync(path.join(this.outbox, name), 'utf8'))
        .find((content) => content.includes(this.pushToken));
      if (text) {
        return JSON.parse(text).payload;
      }
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }

  async answer(message, isAccepted, reason) {
    const now = Math.floor(Date.now() / 1000);
    const input = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({
      iat: now,
      exp: now + 30,
      aud: `${this.base}/resolve-transaction`,
      iss: this.identifier,
      sub: message.c,
      auth0_guardian_method: 'push',
      auth0_guardian_accepted: isAccepted,
      ...(reason ? { auth0_guardian_reason: reason } : {}),
    })}`;
    const signature = crypto.sign('sha256', Buffer.from(input), this.key.privateKey).toString('base64url');
    await this.send('resolve-transaction', `Bearer ${message.txtkn}`, { challenge_response: `${input}.${signature}` });
  }

  async send(call, authorization, body) {
    const response = await fetch(`${this.base}/${call}`, {
      method: 'POST',
      headers: { Authorization: authorization, 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${call} answered ${response.status}: ${await response.text()}`);
    }
    return response;
  }
}

module.exports = { Phone };
