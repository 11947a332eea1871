// Bundles the widget into one classic script and one style sheet, and minifies its languages: node widget.mjs SOURCE TARGET, in a folder where
// `npm ci` has run. SOURCE is wwwroot/js/mfa-widget. Languages stay single files, because a page needs only one of them.
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [source, target] = process.argv.slice(2).map((folder) => resolve(folder));
const common = { minify: true, target: 'es2022', charset: 'utf8', logLevel: 'warning' };

await build({
  ...common,
  entryPoints: [join(source, 'mfa-widget.js')],
  outfile: join(target, 'mfa-widget.js'),
  bundle: true,
  format: 'iife',
  inject: ['widget-modules.js'],
  alias: { 'widget-modules': join(source, 'modules', 'widget.js') },
});

await build({
  ...common,
  entryPoints: [join(source, 'mfa-widget.css')],
  outfile: join(target, 'mfa-widget.css'),
  bundle: true,
});

const languages = join(source, 'modules', 'languages');
await build({
  ...common,
  entryPoints: readdirSync(languages).filter((name) => name !== 'index.js').map((name) => join(languages, name)),
  outdir: join(target, 'modules', 'languages'),
});
