// Bundles guardian.js for browsers from its npm package: node guardian-js.mjs FILE, in a folder where `npm ci` has run.
// The package is written for Node; `events` and `url` replace the modules of Node that it uses.
import { build } from 'esbuild';
import { createRequire } from 'node:module';

const { name, version, license } = createRequire(import.meta.url)('auth0-guardian-js/package.json');

await build({
  stdin: { contents: `module.exports = require('${name}');`, resolveDir: import.meta.dirname },
  outfile: process.argv[2],
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'auth0GuardianJS',
  platform: 'browser',
  define: { global: 'globalThis' },
  target: 'es2017',
  legalComments: 'eof',
  banner: { js: `/* ${name} ${version} (${license}) and its dependencies, bundled from npm. */` },
  logLevel: 'warning',
});
