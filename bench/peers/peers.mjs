// What the benchmark needs to know of each server: how a user is enrolled, how a sign-in begins, and what the answers to a code mean.
import { createHmac } from 'node:crypto';

/** The key of all users, in Base32 and as bytes. It is the one of the load driver. */
export const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const keyBytes = '12345678901234567890';

const json = { 'content-type': 'application/json' };
const post = (url, body, headers = {}) => fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: body && JSON.stringify(body) });

async function expect(status, response) {
  if (response.status !== status) {
    throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  }
  return response;
}

const cookieOf = (response, name) => {
  const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]).find((pair) => pair.startsWith(`${name}=`));
  if (!cookie) {
    throw new Error(`${response.url}: no cookie ${name}`);
  }
  return { cookie };
};

/** The code of an authenticator app (RFC 6238), now. */
export function code() {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', keyBytes).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/**
 * Each has: enroll(user), which creates a user with an authenticator app; start(user), which begins a sign-in after the password and returns the
 * headers that belong to it; verify(headers, code), which answers "accepted", "wrong" or "locked".
 */
export const peers = {
  async sallyport(url) {
    const { CLIENT_ID: client_id, CLIENT_SECRET: client_secret, AUDIENCE: audience } = process.env;
    const callback = 'https://app.example/mfa-result';
    const token = await (await expect(200, await post(`${url}/oauth/token`, { grant_type: 'client_credentials', client_id, client_secret, audience }))).json();
    const authorization = { authorization: `Bearer ${token.access_token}` };
    const api = async (path, body) => (await expect(201, await post(`${url}/api/v2${path}`, body, authorization))).json();
    const client = await api('/clients', { name: `peers ${Date.now()}`, app_type: 'regular_web', callbacks: [callback] });
    const ids = new Map();
    return {
      async enroll(user) {
        const { user_id } = await api('/users', { connection: 'Username-Password-Authentication', email: `${user}@example.com` });
        await api(`/users/${encodeURIComponent(user_id)}/authentication-methods`, { type: 'totp', totp_secret: KEY });
        ids.set(user, user_id);
      },
      async start(user) {
        const signIn = await api('/guardian/transactions', { user_id: ids.get(user), client_id: client.client_id, post_action_url: callback });
        const started = await post(`${url}/appliance-mfa/api/start-flow`, { state_transport: 'polling' }, { authorization: `Bearer ${signIn.request_token}` });
        return { authorization: `Bearer ${(await (await expect(201, started)).json()).transaction_token}` };
      },
      async verify(headers, value) {
        const response = await post(`${url}/appliance-mfa/api/verify-otp`, { type: 'manual_input', code: value }, headers);
        const body = await response.text();
        return response.status === 200 ? 'accepted' : meaning(response, body, body.includes('invalid_otp'), body.includes('too_many_attempts'));
      },
    };
  },

  async identity(url) {
    return {
      async enroll(user) {
        await expect(204, await post(`${url}/enroll`, { user, key: KEY }));
      },
      async start(user) {
        return cookieOf(await expect(204, await post(`${url}/start`, { user })), 'Identity.TwoFactorUserId');
      },
      async verify(headers, value) {
        const response = await post(`${url}/verify-totp`, { code: value }, headers);
        const body = await response.text();
        return response.status === 200 ? 'accepted' : meaning(response, body, response.status === 401, response.status === 423);
      },
    };
  },

  async betterAuth(url) {
    const origin = { origin: url };
    return {
      async enroll(user) {
        await expect(204, await post(`${url}/enroll`, { user, key: keyBytes }));
      },
      async start(user) {
        const answer = await post(`${url}/api/auth/sign-in/email`, { email: `${user}@example.com`, password: 'right password' }, origin);
        return cookieOf(await expect(200, answer), 'better-auth.two_factor');
      },
      async verify(headers, value) {
        const response = await post(`${url}/api/auth/two-factor/verify-totp`, { code: value }, { ...headers, ...origin });
        const body = await response.text();
        return response.status === 200 ? 'accepted' : meaning(response, body, body.includes('INVALID_CODE'), body.includes('ACCOUNT_TEMPORARILY_LOCKED'));
      },
    };
  },
};

function meaning(response, body, isWrong, isLocked) {
  if (isWrong === isLocked) {
    throw new Error(`${response.url}: unexpected answer ${response.status} ${body}`);
  }
  return isWrong ? 'wrong' : 'locked';
}

/** Runs the work for every item, a number of them at the same time, and keeps the order of the results. */
export async function parallel(items, width, work) {
  const results = new Array(items.length);
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  }));
  return results;
}
