'use strict';

const row = require('./row.cjs');

module.exports = {
  'tenant.get': row((m) => m.getTenantSettings(), (m) => m.tenants.getSettings(), (m) => m.tenants.settings.get()),
  'tenant.update': row((m, c) => m.updateTenantSettings(c.body), (m, c) => m.tenants.updateSettings(c.body), (m, c) => m.tenants.settings.update(c.body)),

  'prompts.get': row((m) => m.getPromptsSettings(), (m) => m.prompts.get(), (m) => m.prompts.getSettings()),
  'prompts.update': row((m, c) => m.updatePromptsSettings({}, c.body), (m, c) => m.prompts.update(c.body), (m, c) => m.prompts.updateSettings(c.body)),

  'mail.get': row((m, c) => m.getEmailProvider(c.query), (m, c) => m.emails.get(c.query), (m, c) => m.emails.provider.get(c.query)),
  'mail.create': row((m, c) => m.configureEmailProvider(c.body), (m, c) => m.emails.configure(c.body), (m, c) => m.emails.provider.create(c.body)),
  'mail.update': row((m, c) => m.updateEmailProvider({}, c.body), (m, c) => m.emails.update(c.body), (m, c) => m.emails.provider.update(c.body)),
  'mail.delete': row((m) => m.deleteEmailProvider(), null, (m) => m.emails.provider.delete()),

  'templates.get': row((m, c) => m.getEmailTemplate({ name: c.id }), (m, c) => m.emailTemplates.get({ templateName: c.id }), (m, c) => m.emailTemplates.get(c.id)),
  'templates.create': row((m, c) => m.createEmailTemplate(c.body), (m, c) => m.emailTemplates.create(c.body), (m, c) => m.emailTemplates.create(c.body)),
  'templates.update': row((m, c) => m.updateEmailTemplate({ name: c.id }, c.body), (m, c) => m.emailTemplates.update({ templateName: c.id }, c.body), (m, c) => m.emailTemplates.update(c.id, c.body)),
  'templates.replace': row(null, (m, c) => m.emailTemplates.put({ templateName: c.id }, c.body), (m, c) => m.emailTemplates.set(c.id, c.body)),

  'keys.list': row(null, (m) => m.keys.getAll(), (m) => m.keys.signing.list()),
  'keys.get': row(null, (m, c) => m.keys.get({ kid: c.id }), (m, c) => m.keys.signing.get(c.id)),
  'keys.rotate': row(null, (m) => m.keys.rotate(), (m) => m.keys.signing.rotate()),
  'keys.revoke': row(null, (m, c) => m.keys.revoke({ kid: c.id }), (m, c) => m.keys.signing.revoke(c.id)),

  'logs.list': row((m, c) => m.getLogs(c.query), (m, c) => m.logs.getAll(c.query), (m, c) => m.logs.list(c.query)),
  'logs.get': row((m, c) => m.getLog({ id: c.id }), (m, c) => m.logs.get({ id: c.id }), (m, c) => m.logs.get(c.id)),

  'stats.activeUsers': row((m) => m.getActiveUsersCount(), (m) => m.stats.getActiveUsersCount(), (m) => m.stats.getActiveUsersCount()),
  'stats.daily': row((m, c) => m.getDailyStats(c.query), (m, c) => m.stats.getDaily(c.query), (m, c) => m.stats.getDaily(c.query)),
};
