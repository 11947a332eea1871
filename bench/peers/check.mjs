// usage: node check.mjs PEER URL. Measures what happens to replayed, parallel and guessed codes, and prints one line separated by tabs.
import { code, parallel, peers } from './peers.mjs';

const COMPETITORS = 16;
const GUESSES = 64;

const [name, url] = process.argv.slice(2);
const peer = await peers[name](url);
let number = 0;

/** A new user with several sign-ins that wait for a code. */
async function signIns(count) {
  const user = `check-${Date.now().toString(36)}-${number++}`;
  await peer.enroll(user);
  return parallel(Array.from({ length: count }, () => user), 1, peer.start);
}

/** A code belongs to its 30 seconds: the measurements must not cross their end. */
const untilCodeLasts = () => new Promise((resolve) => {
  const left = 30_000 - (Date.now() % 30_000);
  setTimeout(resolve, left < 8_000 ? left + 100 : 0);
});

/** A second sign-in with a code that was accepted before. */
async function replay() {
  const [first, second] = await signIns(2);
  await untilCodeLasts();
  const value = code();
  if ((await peer.verify(first, value)) !== 'accepted') {
    throw new Error(`${name}: the right code was refused`);
  }
  return (await peer.verify(second, value)) === 'accepted' ? 'accepted' : 'refused';
}

/** The same right code in several sign-ins of one user at the same time: how many of them succeed. */
async function race() {
  const all = await signIns(COMPETITORS);
  await untilCodeLasts();
  const value = code();
  return (await parallel(all, COMPETITORS, (headers) => peer.verify(headers, value))).filter((answer) => answer === 'accepted').length;
}

/** Wrong codes of one user at the same time, each in a sign-in of its own: how many are evaluated; and whether the right code is refused afterwards. */
async function guesses() {
  const all = await signIns(GUESSES + 1);
  await untilCodeLasts();
  const wrong = String((Number(code()) + 500_000) % 1_000_000).padStart(6, '0');
  const last = all.pop();
  const answers = await parallel(all, GUESSES, (headers) => peer.verify(headers, wrong));
  const evaluated = answers.filter((answer) => answer === 'wrong').length;
  return [`${evaluated} of ${GUESSES}`, (await peer.verify(last, code())) === 'accepted' ? 'no' : 'yes'];
}

const cells = [await replay(), `${await race()} of ${COMPETITORS}`, ...(await guesses())];
console.log(cells.join('\t'));
