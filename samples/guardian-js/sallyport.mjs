// The calls of the Management API that a sign-in needs (docs/sign-in.md).

export class Sallyport {
  #url;
  #credentials;
  #token = { value: '', expiresAt: 0 };

  constructor(url, clientId, clientSecret) {
    this.#url = url;
    this.#credentials = { client_id: clientId, client_secret: clientSecret };
  }

  /** The id of the application with this name; it is created if it does not exist. */
  async application(name, callback) {
    const clients = await this.#call('GET', '/clients');
    const found = clients.find((client) => client.name === name && client.callbacks?.includes(callback));
    return (found ?? (await this.#call('POST', '/clients', { name, callbacks: [callback] }))).client_id;
  }

  /** The id of the user with this address; it is created if it does not exist. */
  async user(email) {
    const [found] = await this.#call('GET', `/users-by-email?email=${encodeURIComponent(email)}`);
    return (found ?? (await this.#call('POST', '/users', { connection: 'Username-Password-Authentication', email }))).user_id;
  }

  startSignIn(body) {
    return this.#call('POST', '/guardian/transactions', body);
  }

  /** Returns false if no second factor was accepted, or if the sign-in was redeemed before. */
  async redeem(transactionId) {
    const response = await this.#send('POST', `/guardian/transactions/${transactionId}/redeem`);
    return response.ok;
  }

  async #call(method, path, body) {
    const response = await this.#send(method, path, body);
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  }

  async #send(method, path, body) {
    return fetch(`${this.#url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.#accessToken()}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  }

  async #accessToken() {
    if (Date.now() > this.#token.expiresAt) {
      const response = await fetch(`${this.#url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...this.#credentials, grant_type: 'client_credentials', audience: `${this.#url}/api/v2/` }),
      });
      if (!response.ok) {
        throw new Error(`No access token: ${response.status} ${await response.text()}`);
      }
      const { access_token, expires_in } = await response.json();
      this.#token = { value: access_token, expiresAt: Date.now() + (expires_in - 60) * 1000 };
    }
    return this.#token.value;
  }
}
