// Bundles the code editor of the dashboard: node code-editor.mjs FILE, in a folder where `npm ci` has run.
import { build } from 'esbuild';

await build({
  entryPoints: ['code-editor.js'],
  outfile: process.argv[2],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'eof',
  banner: { js: '/* CodeMirror (MIT) and its dependencies, bundled from npm. */' },
  logLevel: 'warning',
});
