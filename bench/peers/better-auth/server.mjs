// better-auth as shipped, with its two-factor plugin and the PostgreSQL pool of "pg", in production mode.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { symmetricEncrypt } from 'better-auth/crypto';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { twoFactor } from 'better-auth/plugins';
import pg from 'pg';

const { PORT } = process.env;
const high = { window: 10, max: 10_000_000 };
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: 'bench-secret-that-protects-nothing-at-all',
  database: new pg.Pool({ max: 32 }),
  // The password is checked before the measurement, so its hash would only cost time.
  emailAndPassword: { enabled: true, password: { hash: async (text) => text, verify: async ({ hash, password }) => hash === password } },
  plugins: [twoFactor()],
  // Like Sallyport's: on, and too high to be reached from one address.
  rateLimit: { enabled: true, ...high, customRules: { '/two-factor/*': high, '/sign-in/*': high, '/sign-up/*': high } },
});
await (await getMigrations(auth.options)).runMigrations();

/** Before the measurement: a user with an authenticator app. */
async function enroll({ user, key }) {
  const context = await auth.$context;
  const created = await auth.api.signUpEmail({ body: { name: user, email: `${user}@example.com`, password: 'right password' } });
  const secret = await symmetricEncrypt({ key: context.secretConfig, data: key });
  await context.adapter.create({ model: 'twoFactor', data: { secret, backupCodes: 'none', userId: created.user.id, verified: true } });
  await context.internalAdapter.updateUser(created.user.id, { twoFactorEnabled: true });
}

const handler = toNodeHandler(auth);
createServer(async (request, response) => {
  if (request.url !== '/enroll') {
    return handler(request, response);
  }
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  try {
    await enroll(JSON.parse(Buffer.concat(chunks)));
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${PORT}`));
