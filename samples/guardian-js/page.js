// The second step: a code from an authenticator app or a recovery code, or the enrollment of an app.
const auth0GuardianJS = require('auth0-guardian-js');
const { renderSVG } = require('uqr');

const { serviceUrl, requestToken, account } = document.currentScript.dataset;
const byId = (id) => document.getElementById(id);
const say = (text) => { byId('message').textContent = text; };
const explain = (error) => (/^invalid_(otp|recovery_code)/.test(error.errorCode) ? 'That code is not right.' : error.message);
const show = (id, isShown = true) => { byId(id).hidden = !isShown; };

const guardian = auth0GuardianJS({
  serviceUrl,
  requestToken,
  issuer: { name: 'acme', label: 'Acme' },
  accountLabel: account,
  stateCheckingMechanism: 'polling',
});

guardian.start((error, transaction) => {
  if (error) {
    say('Please sign in again.');
    return;
  }
  let recoveryCode = '';
  transaction.on('enrollment-complete', (event) => { recoveryCode = event.recoveryCode; });
  transaction.on('auth-response', ({ accepted }) => accepted && finish(recoveryCode));
  transaction.on('timeout', () => say('This page was open for too long. Please sign in again.'));
  // While enrolling, the library reports a wrong code here as well.
  transaction.on('error', (problem) => say(explain(problem)));
  if (!transaction.isEnrolled()) {
    enroll(transaction);
    return;
  }
  show('recover');
  byId('recover').onclick = () => {
    show('recover', false);
    byId('label').textContent = 'Recovery code';
    onSubmit((code, done) => transaction.recover({ recoveryCode: code }, (fault, answer) => {
      recoveryCode = answer?.recoveryCode ?? '';
      done(fault);
    }));
  };
  transaction.requestAuth(transaction.getEnrollments()[0], { method: 'otp' }, (fault, attempt) => {
    if (fault) {
      say(fault.message);
      return;
    }
    attempt.on('error', () => {});
    onSubmit((code, done) => attempt.verify({ otpCode: code }, done));
  });
});

function enroll(transaction) {
  transaction.enroll('otp', {}, (error, attempt) => {
    if (error) {
      say(error.message);
      return;
    }
    const uri = attempt.getUri();
    byId('open').href = uri;
    byId('qr').innerHTML = renderSVG(uri);
    byId('key').textContent = new URL(uri).searchParams.get('secret');
    show('enroll');
    attempt.on('error', () => {});
    // After a wrong code the library needs a new attempt before the next one. The key stays the same.
    onSubmit((code, done) => attempt.confirm({ otpCode: code }, (fault) => {
      done(fault);
      if (fault) {
        enroll(transaction);
      }
    }));
  });
}

function onSubmit(send) {
  show('form');
  byId('code').focus();
  byId('form').onsubmit = (event) => {
    event.preventDefault();
    say('One moment…');
    send(byId('code').value.replace(/\s/g, ''), (error) => {
      if (error) {
        say(explain(error));
        byId('code').select();
      }
    });
  };
}

/** A new recovery code is shown before the application goes on. */
function finish(recoveryCode) {
  show('form', false);
  show('recover', false);
  show('enroll', false);
  if (recoveryCode) {
    say(`Save your recovery code: ${recoveryCode}`);
    show('done');
  } else {
    byId('done').submit();
  }
}
