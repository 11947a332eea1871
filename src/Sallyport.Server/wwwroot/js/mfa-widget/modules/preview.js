const sample = {
  secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  recoveryCode: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
};

/**
 * Answers in place of the server while an administrator previews a page: every screen of an authenticator app can be
 * reached, every code is accepted, and no request is sent.
 */
export class PreviewApi {
  /**
   * @param {{ ticket?: string, requestToken?: string }} credentials
   * @returns {Promise<Record<string, any>>}
   */
  async startFlow({ ticket }) {
    const methods = { available_enrollment_methods: ['otp'], available_authentication_methods: ['otp', 'recovery-code'] };
    return ticket
      ? {
          ...methods,
          enrollment_tx_id: 'preview',
          device_account: { status: 'confirmation_pending', otp_secret: sample.secret, recovery_code: sample.recoveryCode },
        }
      : { ...methods, device_account: { status: 'confirmed', available_authenticator_types: ['otp', 'recovery-code'] } };
  }

  /** @param {string} _token */
  resume(_token) {}

  subscribe() {
    return () => {};
  }

  /** @returns {Promise<Record<string, any>>} */
  async transactionState() {
    return { state: 'pending', token: 'preview' };
  }

  /**
   * @param {string} _code
   * @returns {Promise<Record<string, any>>}
   */
  async verifyOtp(_code) {
    return {};
  }

  /**
   * @param {string} _method
   * @returns {Promise<Record<string, any>>}
   */
  async webAuthnChallenge(_method) {
    return {};
  }

  /**
   * @param {object} _credential
   * @returns {Promise<Record<string, any>>}
   */
  async webAuthnVerify(_credential) {
    return {};
  }

  /**
   * @param {string} _name
   * @returns {Promise<Record<string, any>>}
   */
  async webAuthnName(_name) {
    return {};
  }

  async rememberBrowser() {}

  /** @returns {Promise<{ api: PreviewApi, answer: Record<string, any> }>} */
  async addOfferedFactor() {
    return { api: this, answer: {} };
  }

  /** @returns {Promise<Record<string, any>>} */
  async sendEmail() {
    return {};
  }

  /** @returns {Promise<Record<string, any>>} */
  async sendPush() {
    return {};
  }

  /**
   * @param {string} [_channel]
   * @returns {Promise<Record<string, any>>}
   */
  async sendSms(_channel) {
    return {};
  }

  /**
   * @param {string} _id
   * @param {string} _number
   * @returns {Promise<Record<string, any>>}
   */
  async enrollPhone(_id, _number) {
    return {};
  }

  /**
   * @param {string} _returnPath
   * @returns {Promise<Record<string, any>>}
   */
  async startDuo(_returnPath) {
    return { authorize_url: '#' };
  }

  /**
   * @param {string} _code
   * @returns {Promise<Record<string, any>>}
   */
  async recoverAccount(_code) {
    return { recovery_code: sample.recoveryCode };
  }

  /**
   * A sample picture. Real QR codes are drawn by the server.
   *
   * @param {string} _text
   * @param {AbortSignal} _signal
   */
  async qrCode(_text, _signal) {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" fill="#ccc"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM5 5h1v1H5zM7 7h1v1H7z"/></svg>';
    return new Blob([svg], { type: 'image/svg+xml' });
  }
}
