// An Express application that leaves the sign-in to Sallyport, through OpenID Connect: code with PKCE, pushed authorization requests.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import * as oidc from 'openid-client';
import { setUp } from './setup.mjs';

const { SALLYPORT_URL = 'http://localhost:5080', CLIENT_ID, CLIENT_SECRET, PORT = '3001', FIRST_FACTOR = 'password' } = process.env;
if (!CLIENT_ID || !CLIENT_SECRET) {
  console.error('Set CLIENT_ID and CLIENT_SECRET. The first `dotnet run` in src/Sallyport.Server prints both.');
  process.exit(1);
}

const origin = `http://localhost:${PORT}`;
const callback = `${origin}/callback`;
const multiFactor = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
const email = 'joan@example.com';
const password = 'correct horse battery staple';

/** With FIRST_FACTOR=application it checks the password itself, and Sallyport asks for the second factor only. */
const checksPassword = FIRST_FACTOR === 'application';

const application = await setUp({
  url: SALLYPORT_URL, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, callback, firstFactor: FIRST_FACTOR, email, password,
});
const config = await oidc.discovery(new URL(SALLYPORT_URL), application.id, undefined, oidc.ClientSecretPost(application.secret), {
  // Only for trying it on one machine.
  execute: SALLYPORT_URL.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
});

const salt = randomBytes(16);
const hash = scryptSync(password, salt, 32);
const isPassword = (text) => timingSafeEqual(scryptSync(String(text ?? ''), salt, 32), hash);

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

const passwordField = `<p><label>Password of ${email} <input name="password" type="password" autocomplete="current-password" required></label></p>`;
const loginPage = (message = '') => html('Welcome', `
  <p role="status">${message}</p>
  <form method="post" action="/login">${checksPassword ? passwordField : ''}<button>Sign in</button></form>`);

const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const renew = (request) => new Promise((resolve, reject) => request.session.regenerate((error) => (error ? reject(error) : resolve())));

app.get('/', (request, response) => {
  response.send(request.session.email
    ? html('Home', `<p>Signed in as ${escape(request.session.email)}</p><form method="post" action="/logout"><button>Sign out</button></form>`)
    : loginPage());
});

app.post('/login', async (request, response) => {
  if (checksPassword && !isPassword(request.body?.password)) {
    return response.status(403).send(loginPage('That is not the password.'));
  }
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  // The application pushes the request and authenticates, so the browser sees a request_uri only and can change nothing.
  const url = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: callback,
    scope: 'openid email',
    acr_values: multiFactor,
    // Believed only because the application authenticates: nobody can name another user through the browser.
    ...(checksPassword && { login_hint: application.userId }),
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
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
    const claims = tokens.claims();
    if (claims.acr !== multiFactor) {
      throw new Error(`The ID token has the acr ${claims.acr}.`);
    }
    if (checksPassword && claims.sub !== application.userId) {
      throw new Error('Another user has proved the second factor.');
    }
    request.session.email = claims.email;
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
