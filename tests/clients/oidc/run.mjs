// Signs in with openid-client and prints one line of JSON. Between "start" and "finish" a browser signs the user in.
//
//   start:  { parameters, pushes }             prints { url, verifier, state, nonce }
//   finish: { callback, form?, started, maxAge? }   prints { tokens, claims, userInfo } or { error }

import * as oidc from 'openid-client';

const input = JSON.parse(process.argv[2]);

const authentications = {
  post: () => oidc.ClientSecretPost(input.secret),
  basic: () => oidc.ClientSecretBasic(input.secret),
  none: () => oidc.None(),
};

function describe(error) {
  return { code: error.code, error: error.error, description: error.error_description, status: error.status, message: error.message, cause: error.cause?.message };
}

async function start(config) {
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...input.parameters,
  };
  const url = input.pushes ? await oidc.buildAuthorizationUrlWithPAR(config, parameters) : oidc.buildAuthorizationUrl(config, parameters);
  return { url: url.href, verifier, state, nonce };
}

async function finish(config) {
  const { started } = input;
  const current = input.form
    ? new Request(input.callback, { method: 'POST', body: new URLSearchParams(input.form) })
    : new URL(input.callback);
  const tokens = await oidc.authorizationCodeGrant(config, current, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
    expectedNonce: started.nonce,
    idTokenExpected: true,
    maxAge: input.maxAge ?? undefined,
  });
  const claims = tokens.claims();
  return { tokens, claims, userInfo: await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) };
}

try {
  const config = await oidc.discovery(new URL(input.issuer), input.clientId, undefined, authentications[input.authentication ?? 'post']());
  oidc.enableNonRepudiationChecks(config);
  console.log(JSON.stringify(await (input.started ? finish(config) : start(config))));
} catch (error) {
  console.log(JSON.stringify({ error: describe(error) }));
}
