'use strict';

const row = require('./row.cjs');

// Generation 2 has one call for the providers, the templates and the settings of all factors.
const getProvider = (name, provider) => (m) => m.getGuardianFactorProvider({ name, provider });
const setProvider = (name, provider) => (m, c) => m.updateGuardianFactorProvider({ name, provider }, c.body);
const getTemplates = (name) => (m) => m.getGuardianFactorTemplates({ name });
const setTemplates = (name) => (m, c) => m.updateGuardianFactorTemplates({ name }, c.body);
const getSettings = (name) => (m) => m.getGuardianFactorSettings({ name });
const setSettings = (name) => (m, c) => m.updateGuardianFactorSettings({ name }, c.body);

module.exports = {
  'guardian.createTicket': row((m, c) => m.createGuardianEnrollmentTicket(c.body), (m, c) => m.guardian.createEnrollmentTicket(c.body), (m, c) => m.guardian.enrollments.createTicket(c.body)),
  'guardian.getEnrollment': row((m, c) => m.getGuardianEnrollment({ id: c.id }), (m, c) => m.guardian.getGuardianEnrollment({ id: c.id }), (m, c) => m.guardian.enrollments.get(c.id)),
  'guardian.deleteEnrollment': row((m, c) => m.deleteGuardianEnrollment({ id: c.id }), (m, c) => m.guardian.deleteGuardianEnrollment({ id: c.id }), (m, c) => m.guardian.enrollments.delete(c.id)),
  'guardian.factors': row((m) => m.getGuardianFactors(), (m) => m.guardian.getFactors(), (m) => m.guardian.factors.list()),
  'guardian.setFactor': row((m, c) => m.updateGuardianFactor({ name: c.id }, c.body), (m, c) => m.guardian.updateFactor({ name: c.id }, c.body), (m, c) => m.guardian.factors.set(c.id, c.body)),

  'policies.get': row((m) => m.getGuardianPolicies(), (m) => m.guardian.getPolicies(), (m) => m.guardian.policies.list()),
  'policies.set': row((m, c) => m.updateGuardianPolicies({}, c.body), (m, c) => m.guardian.updatePolicies(c.body), (m, c) => m.guardian.policies.set(c.body)),
  'session.get': row(null, null, null, (m) => m.guardian.get()),
  'session.set': row(null, null, null, (m, c) => m.guardian.set(c.body)),

  'phone.messageTypes.get': row((m) => m.getGuardianPhoneFactorMessageTypes(), (m) => m.guardian.getPhoneFactorMessageTypes(), (m) => m.guardian.factors.phone.getMessageTypes()),
  'phone.messageTypes.set': row((m, c) => m.updateGuardianPhoneFactorMessageTypes({}, c.body), (m, c) => m.guardian.updatePhoneFactorMessageTypes(c.body), (m, c) => m.guardian.factors.phone.setMessageTypes(c.body)),
  'phone.provider.get': row((m) => m.getGuardianPhoneFactorSelectedProvider(), (m) => m.guardian.getPhoneFactorSelectedProvider(), (m) => m.guardian.factors.phone.getSelectedProvider()),
  'phone.provider.set': row((m, c) => m.updateGuardianPhoneFactorSelectedProvider({}, c.body), (m, c) => m.guardian.updatePhoneFactorSelectedProvider(c.body), (m, c) => m.guardian.factors.phone.setProvider(c.body)),
  'phone.twilio.get': row(getProvider('phone', 'twilio'), (m) => m.guardian.getPhoneFactorProviderTwilio(), (m) => m.guardian.factors.phone.getTwilioProvider()),
  'phone.twilio.set': row(setProvider('phone', 'twilio'), (m, c) => m.guardian.updatePhoneFactorProviderTwilio(c.body), (m, c) => m.guardian.factors.phone.setTwilioProvider(c.body)),
  'phone.templates.get': row(getTemplates('phone'), (m) => m.guardian.getPhoneFactorTemplates(), (m) => m.guardian.factors.phone.getTemplates()),
  'phone.templates.set': row(setTemplates('phone'), (m, c) => m.guardian.setPhoneFactorTemplates(c.body), (m, c) => m.guardian.factors.phone.setTemplates(c.body)),
  'phone.settings.get': row(getSettings('phone'), null, null, (m) => m.guardian.factors.phone.get()),
  'phone.settings.set': row(setSettings('phone'), null, null, (m, c) => m.guardian.factors.phone.set(c.body)),

  'sms.provider.get': row(null, (m) => m.guardian.getSmsSelectedProvider(), (m) => m.guardian.factors.sms.getSelectedProvider()),
  'sms.provider.set': row(null, (m, c) => m.guardian.setSmsSelectedProvider(c.body), (m, c) => m.guardian.factors.sms.setProvider(c.body)),
  'sms.twilio.get': row(getProvider('sms', 'twilio'), (m) => m.guardian.getSmsFactorProviderTwilio(), (m) => m.guardian.factors.sms.getTwilioProvider()),
  'sms.twilio.set': row(setProvider('sms', 'twilio'), (m, c) => m.guardian.setSmsFactorProviderTwilio(c.body), (m, c) => m.guardian.factors.sms.setTwilioProvider(c.body)),
  'sms.templates.get': row(getTemplates('sms'), (m) => m.guardian.getSmsFactorTemplates(), (m) => m.guardian.factors.sms.getTemplates()),
  'sms.templates.set': row(setTemplates('sms'), (m, c) => m.guardian.setSmsFactorTemplates(c.body), (m, c) => m.guardian.factors.sms.setTemplates(c.body)),

  'push.provider.get': row(null, (m) => m.guardian.getPushNotificationSelectedProvider(), (m) => m.guardian.factors.pushNotification.getSelectedProvider()),
  'push.provider.set': row(null, (m, c) => m.guardian.setPushNotificationSelectedProvider(c.body), (m, c) => m.guardian.factors.pushNotification.setProvider(c.body)),
  'push.sns.get': row(getProvider('push-notification', 'sns'), (m) => m.guardian.getPushNotificationProviderSNS(), (m) => m.guardian.factors.pushNotification.getSnsProvider()),
  'push.sns.set': row(setProvider('push-notification', 'sns'), (m, c) => m.guardian.setPushNotificationProviderSNS(c.body), (m, c) => m.guardian.factors.pushNotification.setSnsProvider(c.body)),
  'push.sns.update': row(null, (m, c) => m.guardian.updatePushNotificationProviderSNS(c.body), (m, c) => m.guardian.factors.pushNotification.updateSnsProvider(c.body)),
  'push.apns.get': row(getProvider('push-notification', 'apns'), (m) => m.guardian.getPushNotificationProviderAPNS(), (m) => m.guardian.factors.pushNotification.getApnsProvider()),
  'push.apns.set': row(setProvider('push-notification', 'apns'), (m, c) => m.guardian.setPushNotificationProviderAPNS(c.body), (m, c) => m.guardian.factors.pushNotification.setApnsProvider(c.body)),
  'push.apns.update': row(null, (m, c) => m.guardian.updatePushNotificationProviderAPNS(c.body), (m, c) => m.guardian.factors.pushNotification.updateApnsProvider(c.body)),
  'push.fcm.set': row(setProvider('push-notification', 'fcm'), (m, c) => m.guardian.setPushNotificationProviderFCM(c.body), (m, c) => m.guardian.factors.pushNotification.setFcmProvider(c.body)),
  'push.fcm.update': row(null, (m, c) => m.guardian.updatePushNotificationProviderFCM(c.body), (m, c) => m.guardian.factors.pushNotification.updateFcmProvider(c.body)),
  'push.fcmv1.set': row(setProvider('push-notification', 'fcmv1'), null, (m, c) => m.guardian.factors.pushNotification.setFcmv1Provider(c.body)),
  'push.fcmv1.update': row(null, null, (m, c) => m.guardian.factors.pushNotification.updateFcmv1Provider(c.body)),

  'email.settings.get': row(getSettings('email'), null, null, (m) => m.guardian.factors.email.get()),
  'email.settings.set': row(setSettings('email'), null, null, (m, c) => m.guardian.factors.email.set(c.body)),
  'duo.settings.get': row(getSettings('duo'), null, (m) => m.guardian.factors.duo.settings.get()),
  'duo.settings.set': row(setSettings('duo'), null, (m, c) => m.guardian.factors.duo.settings.set(c.body)),
  'duo.settings.update': row(null, null, (m, c) => m.guardian.factors.duo.settings.update(c.body)),
  'roaming.settings.get': row(getSettings('webauthn-roaming'), null, null),
  'roaming.settings.set': row(setSettings('webauthn-roaming'), null, null),
  'platform.settings.get': row(getSettings('webauthn-platform'), null, null),
  'platform.settings.set': row(setSettings('webauthn-platform'), null, null),
};
