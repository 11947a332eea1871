import { duoView } from '../duo.js';

/** @type {import('../registry.js').Screen} */
export const duoEnrollment = {
  factor: 'duo',
  entry: 'enroll',
  render(session, signal) {
    return duoView(session, signal, { group: 'duoEnrollment' });
  },
};
