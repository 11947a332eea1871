// A web application with a password login. The second factor is asked for on a page of its own: page.js, with auth0-guardian-js.
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Sallyport } from './sallyport.mjs';

const { SALLYPORT_URL = 'http://localhost:5080', CLIENT_ID, CLIENT_SECRET, PORT = '3002' } = process.env;
if (!CLIENT_ID || !CLIENT_SECRET) {
  console.error('Set CLIENT_ID and CLIENT_SECRET. The first `dotnet run` in src/Sallyport.Server prints both.');
  process.exit(1);
}

const origin = `http://localhost:${PORT}`;
const person = { email: 'ada@example.com', password: 'correct horse battery staple' };
const sallyport = new Sallyport(SALLYPORT_URL, CLIENT_ID, CLIENT_SECRET);
const sessions = new Map();

const script = await build({
  entryPoints: [fileURLToPath(new URL('page.js', import.meta.url))],
  bundle: true,
  minify: true,
  write: false,
  define: { global: 'globalThis' },
});

const html = (title, body) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`;

const loginPage = (message = '') => html('Sign in', `
  <p role="status">${message}</p>
  <form method="post" action="/login">
    <p><label>Email <input name="email" type="email" autocomplete="username" value="${person.email}"></label></p>
    <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
    <button>Sign in</button>
  </form>`);

const secondPage = (requestToken) => html('Your second step', `
  <div id="enroll" hidden><p>Scan the picture with your authenticator app. <a id="open">On a phone, open the app</a>, or add this key by hand: <code id="key"></code></p>
    <div id="qr" role="img" aria-label="QR code" style="width: 12em"></div></div>
  <form id="form" hidden><p><label><span id="label">Code from your app</span> <input id="code" autocomplete="one-time-code"></label> <button>Continue</button></p></form>
  <p><button id="recover" type="button" hidden>Use a recovery code instead</button></p>
  <p id="message" role="status"></p>
  <form id="done" method="post" action="/second" hidden><button>I have saved it, continue</button></form>
  <script src="/page.js" data-service-url="${SALLYPORT_URL}/appliance-mfa" data-request-token="${requestToken}" data-account="${person.email}"></script>`);

/** The forms that the pages post. */
async function readForm(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) {
      throw new Error('The form is too large.');
    }
  }
  return new URLSearchParams(body);
}

const equal = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
// Cookies are shared by all ports of localhost.
const sessionOf = (request) => sessions.get(/(?:^|; )guardian-sample=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]);

const routes = {
  'GET /': () => ({ html: loginPage() }),
  'GET /page.js': () => ({ script: script.outputFiles[0].text }),

  'POST /login': async (request) => {
    const form = await readForm(request);
    if (form.get('email') !== person.email || !equal(form.get('password') ?? '', person.password)) {
      return { html: loginPage('That email or password is not right.') };
    }
    const signIn = await sallyport.startSignIn({ user_id: userId, client_id: clientId, post_action_url: `${origin}/second` });
    const id = randomUUID();
    sessions.set(id, { transactionId: signIn.transaction_id, isSignedIn: false });
    return { html: secondPage(signIn.request_token), cookie: `guardian-sample=${id}; HttpOnly; SameSite=Lax; Path=/` };
  },

  // The page only says that it has finished. Whether that is true, Sallyport knows: it answers once for the transaction of this session.
  'POST /second': async (request) => {
    const session = sessionOf(request);
    if (!session || !(await sallyport.redeem(session.transactionId))) {
      return { html: loginPage('Please sign in again.') };
    }
    session.isSignedIn = true;
    return { location: '/home' };
  },

  'GET /home': (request) => (sessionOf(request)?.isSignedIn ? { html: html('Home', `<p>Signed in as ${person.email}</p>`) } : { location: '/' }),
};

const server = createServer(async (request, response) => {
  try {
    const route = routes[`${request.method} ${new URL(request.url, origin).pathname}`];
    const answer = route ? await route(request) : { status: 404, html: html('Not found', '') };
    const { status = answer.location ? 303 : 200, location, cookie } = answer;
    response.writeHead(status, {
      'content-type': answer.script ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...(location && { location }),
      ...(cookie && { 'set-cookie': cookie }),
    });
    response.end(answer.script ?? answer.html);
  } catch (error) {
    console.error(error);
    response.writeHead(500, { 'content-type': 'text/html; charset=utf-8' }).end(html('Something went wrong', ''));
  }
});

const clientId = await sallyport.application('guardian.js sample', `${origin}/second`);
const userId = await sallyport.user(person.email);
server.listen(Number(PORT), 'localhost', () => console.log(`Open ${origin} and sign in with the password "${person.password}".`));
