// What an administrator does once: registers the application and its user in Sallyport.

/** Returns the application, with its secret and its user. Both are created if they do not exist; the secret is always new. */
export async function setUp({ url, clientId, clientSecret, callback, firstFactor, email, password }) {
  const granted = await send('POST', `${url}/oauth/token`, {
    grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience: `${url}/api/v2/`,
  });
  const call = (method, path, body) => send(method, `${url}/api/v2${path}`, body, granted.access_token);

  const name = firstFactor === 'application' ? 'Express sample with a password check of its own' : 'Express sample';
  const known = (await call('GET', '/clients')).find((client) => client.name === name && client.callbacks?.includes(callback));
  const application = known
    ? await call('POST', `/clients/${known.client_id}/rotate-secret`)
    : await call('POST', '/clients', { name, app_type: 'regular_web', callbacks: [callback], client_metadata: { first_factor: firstFactor } });

  const [existing] = await call('GET', `/users-by-email?email=${encodeURIComponent(email)}`);
  const user = existing ?? (await call('POST', '/users', { connection: 'Username-Password-Authentication', email, password }));
  return { id: application.client_id, secret: application.client_secret, userId: user.user_id };
}

async function send(method, url, body, token) {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}
