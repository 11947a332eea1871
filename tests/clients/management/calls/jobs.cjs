'use strict';

const row = require('./row.cjs');

// The file of an import is the JSON of the given users. If a length is given, the file is padded with blanks.
function fileOf(body) {
  return JSON.stringify(body.users ?? []).padEnd(body.length ?? 0);
}

function partsOf(body) {
  const { users, length, ...parts } = body;
  return { connection_id: 'con_nowhere', ...parts };
}

function withBlob(body) {
  return { ...partsOf(body), users: new Blob([fileOf(body)], { type: 'application/json' }) };
}

// Generation 2 uploads files with another HTTP library, whose error has no type of its own and another name for the status.
function importTwo(m, c) {
  return m.importUsersJob({ ...partsOf(c.body), users_json: fileOf(c.body) }).catch((error) => {
    throw Object.assign(error, { statusCode: error.status, body: { message: error.text } });
  });
}

const get = row((m, c) => m.getJob({ id: c.id }), (m, c) => m.jobs.get({ id: c.id }), (m, c) => m.jobs.get(c.id));

async function untilFinished(ask, bodyOf) {
  for (;;) {
    const answer = await ask();
    if (!['pending', 'processing'].includes(bodyOf(answer).status)) {
      return answer;
    }

    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

module.exports = {
  'jobs.import': row(importTwo, (m, c) => m.jobs.importUsers(withBlob(c.body)), (m, c) => m.jobs.usersImports.create(withBlob(c.body))),
  'jobs.export': row((m, c) => m.exportUsers(c.body), (m, c) => m.jobs.exportUsers(c.body), (m, c) => m.jobs.usersExports.create(c.body)),
  'jobs.verifyEmail': row(
    (m, c) => m.sendEmailVerification({ user_id: c.id, ...c.body }),
    (m, c) => m.jobs.verifyEmail({ user_id: c.id, ...c.body }),
    (m, c) => m.jobs.verificationEmail.create({ user_id: c.id, ...c.body }),
  ),
  'jobs.get': get,
  'jobs.finished': row(
    (m, c) => untilFinished(() => get[2](m, c), (answer) => answer),
    (m, c) => untilFinished(() => get[4](m, c), (answer) => answer.data),
    (m, c) => untilFinished(() => get[5](m, c), (answer) => answer),
  ),
  'jobs.errors': row((m, c) => m.getJobErrors({ id: c.id }), (m, c) => m.jobs.getErrors({ id: c.id }), (m, c) => m.jobs.errors.get(c.id)),
};
