'use strict';

const row = require('./row.cjs');

module.exports = {
  'users.list': row((m, c) => m.getUsers(c.query), (m, c) => m.users.getAll(c.query), (m, c) => m.users.list(c.query)),
  'users.listByEmail': row((m, c) => m.getUsersByEmail(c.query.email), (m, c) => m.usersByEmail.getByEmail(c.query), (m, c) => m.users.listUsersByEmail(c.query)),
  'users.create': row((m, c) => m.createUser(c.body), (m, c) => m.users.create(c.body), (m, c) => m.users.create(c.body)),
  'users.get': row((m, c) => m.getUser({ id: c.id }), (m, c) => m.users.get({ id: c.id }), (m, c) => m.users.get(c.id, c.query)),
  'users.update': row((m, c) => m.updateUser({ id: c.id }, c.body), (m, c) => m.users.update({ id: c.id }, c.body), (m, c) => m.users.update(c.id, c.body)),
  'users.updateUserMetadata': row((m, c) => m.updateUserMetadata({ id: c.id }, c.body), null, null),
  'users.updateAppMetadata': row((m, c) => m.updateAppMetadata({ id: c.id }, c.body), null, null),
  'users.delete': row((m, c) => m.deleteUser({ id: c.id }), (m, c) => m.users.delete({ id: c.id }), (m, c) => m.users.delete(c.id)),
  'users.enrollments': row((m, c) => m.getGuardianEnrollments({ id: c.id }), (m, c) => m.users.getEnrollments({ id: c.id }), (m, c) => m.users.enrollments.get(c.id)),

  'users.logs': row((m, c) => m.getUserLogs({ id: c.id, ...c.query }), (m, c) => m.users.getLogs({ id: c.id, ...c.query }), (m, c) => m.users.logs.list(c.id, c.query)),
  'users.regenerateRecoveryCode': row((m, c) => m.regenerateRecoveryCode({ id: c.id }), (m, c) => m.users.regenerateRecoveryCode({ id: c.id }), (m, c) => m.users.regenerateRecoveryCode(c.id)),
  'users.invalidateRememberBrowser': row((m, c) => m.invalidateRememberBrowser({ id: c.id }), (m, c) => m.users.invalidateRememberBrowser({ id: c.id }), (m, c) => m.users.multifactor.invalidateRememberBrowser(c.id)),
  'users.deleteMultifactor': row((m, c) => m.deleteUserMultifactor({ id: c.id, provider: c.item }), (m, c) => m.users.deleteMultifactorProvider({ id: c.id, provider: c.item }), (m, c) => m.users.multifactor.deleteProvider(c.id, c.item)),
  'users.deleteAuthenticators': row(null, (m, c) => m.users.deleteAllAuthenticators({ id: c.id }), (m, c) => m.users.authenticators.deleteAll(c.id)),
  'users.blocks': row((m, c) => m.getUserBlocks({ id: c.id }), (m, c) => m.userBlocks.get({ id: c.id }), (m, c) => m.userBlocks.list(c.id)),
  'users.blocksByIdentifier': row((m, c) => m.getUserBlocksByIdentifier({ identifier: c.id }), (m, c) => m.userBlocks.getAll({ identifier: c.id }), (m, c) => m.userBlocks.listByIdentifier({ identifier: c.id })),
  'users.unblockByIdentifier': row((m, c) => m.unblockUserByIdentifier({ identifier: c.id }), (m, c) => m.userBlocks.deleteAll({ identifier: c.id }), (m, c) => m.userBlocks.deleteByIdentifier({ identifier: c.id })),
  'users.unblock': row((m, c) => m.unblockUser({ id: c.id }), (m, c) => m.userBlocks.delete({ id: c.id }), (m, c) => m.userBlocks.delete(c.id)),

  'methods.list': row(null, (m, c) => m.users.getAuthenticationMethods({ id: c.id, ...c.query }), (m, c) => m.users.authenticationMethods.list(c.id, c.query)),
  'methods.create': row(null, (m, c) => m.users.createAuthenticationMethod({ id: c.id }, c.body), (m, c) => m.users.authenticationMethods.create(c.id, c.body)),
  'methods.get': row(null, (m, c) => m.users.getAuthenticationMethod({ id: c.id, authentication_method_id: c.item }), (m, c) => m.users.authenticationMethods.get(c.id, c.item)),
  'methods.update': row(null, (m, c) => m.users.updateAuthenticationMethod({ id: c.id, authentication_method_id: c.item }, c.body), (m, c) => m.users.authenticationMethods.update(c.id, c.item, c.body)),
  'methods.delete': row(null, (m, c) => m.users.deleteAuthenticationMethod({ id: c.id, authentication_method_id: c.item }), (m, c) => m.users.authenticationMethods.delete(c.id, c.item)),
  'methods.replace': row(null, (m, c) => m.users.updateAuthenticationMethods({ id: c.id }, c.body), (m, c) => m.users.authenticationMethods.set(c.id, c.body)),
  'methods.deleteAll': row(null, (m, c) => m.users.deleteAuthenticationMethods({ id: c.id }), (m, c) => m.users.authenticationMethods.deleteAll(c.id)),
};
