// usage: node prepare.mjs PEER URL COUNT FILE. Writes the headers of COUNT sign-ins that wait for their code, one a line, each of another user.
import { writeFileSync } from 'node:fs';
import { parallel, peers } from './peers.mjs';

const [name, url, count, file] = process.argv.slice(2);
const peer = await peers[name](url);
const users = Array.from({ length: Number(count) }, (_, number) => `load-${Date.now().toString(36)}-${number}`);
const lines = await parallel(users, 16, async (user) => {
  await peer.enroll(user);
  const [[header, value]] = Object.entries(await peer.start(user));
  return `${header}: ${value}`;
});
writeFileSync(file, `${lines.join('\n')}\n`);
