// An Express application that signs in with OpenID Connect: code with PKCE. It checks the password itself and pushes its requests, or, with
// FIRST_FACTOR=password, leaves the password to Sallyport's page.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import * as oidc from 'openid-client';
import { setUp } from './setup.mjs';

const { SALLYPORT_URL = 'http://localhost:5080', CLIENT_ID, CLIENT_SECRET, PORT = '3001', FIRST_FACTOR = 'application' } = process.env;
if (!CLIENT_ID || !CLIENT_SECRET) {
  console.error('Set CLIENT_ID and CLIENT_SECRET. The first `dotnet run` in src/Sallyport.Server prints both.');
  process.exit(1);
}

const origin = `http://localhost:${PORT}`;
const callback = `${origin}/callback`;
const multiFactor = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
const usesPasswordPage = FIRST_FACTOR === 'password';
// Only the second user has a password in Sallyport.
const email = usesPasswordPage ? 'jean@example.com' : 'joan@example.com';
const password = 'correct horse battery staple';
const salt = randomBytes(16);
const passwordHash = scryptSync(password, salt, 32);

const application = await setUp({
  url: SALLYPORT_URL, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, firstFactor: FIRST_FACTOR, callback, email,
  password: usesPasswordPage ? password : undefined,
});
const config = await oidc.discovery(new URL(SALLYPORT_URL), application.id, undefined, oidc.ClientSecretPost(application.secret), {
  // Only for trying it on one machine.
  execute: SALLYPORT_URL.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
});

const app = express();
app.use(express.urlencoded({ extended: false }));
app.use(session({
  // Cookies are shared by all ports of localhost.
  name: 'express-sample',
  secret: randomBytes(32).toString('hex'),
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: 'lax', secure: origin.startsWith('https:') },
}));
app.use((request, response, next) => {
  response.set('Cache-Control', 'no-store');
  // Forms of other sites sign nobody in or out.
  const isForeign = request.method === 'POST' && request.headers.origin !== origin;
  return isForeign ? response.sendStatus(403) : next();
});

const html = (title, body) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`;

const loginPage = (message = '') => html('Sign in', `
  <p role="status">${message}</p>
  <form method="post" action="/login">
    ${usesPasswordPage ? '' : `<p><label>Email <input name="email" type="email" autocomplete="username" required value="${email}"></label></p>
    <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>`}
    <button>Sign in</button>
  </form>`);

const renew = (request) => new Promise((resolve, reject) => request.session.regenerate((error) => (error ? reject(error) : resolve())));

app.get('/', (request, response) => {
  response.send(request.session.email
    ? html('Home', `<p>Signed in as ${request.session.email}</p><form method="post" action="/logout"><button>Sign out</button></form>`)
    : loginPage());
});

app.post('/login', async (request, response) => {
  const isRight = usesPasswordPage
    || (timingSafeEqual(scryptSync(String(request.body?.password), salt, 32), passwordHash) && request.body.email === email);
  if (!isRight) {
    response.send(loginPage('That email or password is not right.'));
    return;
  }
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    redirect_uri: callback,
    scope: 'openid email',
    acr_values: multiFactor,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  // login_hint names the user. Sallyport believes it because this application pushes it and authenticates; the browser sees only a request_uri.
  const url = usesPasswordPage
    ? oidc.buildAuthorizationUrl(config, parameters)
    : await oidc.buildAuthorizationUrlWithPAR(config, { ...parameters, login_hint: application.userId });
  await renew(request);
  request.session.signIn = { verifier, state, nonce };
  response.redirect(303, url.href);
});

app.get('/callback', async (request, response) => {
  const { signIn } = request.session;
  await renew(request);
  try {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(request.originalUrl, origin), {
      pkceCodeVerifier: signIn.verifier,
      expectedState: signIn.state,
      expectedNonce: signIn.nonce,
      idTokenExpected: true,
    });
    const { sub, acr } = tokens.claims();
    if (sub !== application.userId || acr !== multiFactor) {
      throw new Error(`The ID token is for ${sub} with ${acr}.`);
    }
    request.session.email = email;
    response.redirect(303, '/');
  } catch (error) {
    console.error(`Not signed in: ${error.error ?? error.message}`);
    response.send(loginPage('Please sign in again.'));
  }
});

app.post('/logout', async (request, response) => {
  await renew(request);
  response.redirect(303, '/');
});

app.listen(Number(PORT), 'localhost', () => console.log(`Open ${origin} and sign in as ${email} with the password "${password}".`));
