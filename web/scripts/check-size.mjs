// Transfer gates, in KiB after brotli: what each page has to fetch before it can show itself.
import { readFileSync, statSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url).pathname;
const manifest = JSON.parse(
  readFileSync(new URL('../node_modules/.capdo-manifest.json', import.meta.url), 'utf8'),
);

const gates = [
  { name: 'sign-in', pages: ['src/pages/session/SignInPage.tsx'], js: 150, css: 20 },
  {
    name: 'systems table',
    pages: ['src/app/SignedIn.tsx', 'src/pages/system/SystemListPage.tsx'],
    js: 180,
    css: 22,
  },
  { name: 'charts alone', only: 'src/pages/stats/Chart.tsx', js: 165, css: 1 },
];

function closure(key, seen) {
  if (seen.has(key)) {
    return;
  }
  seen.add(key);
  for (const next of manifest[key].imports ?? []) {
    closure(next, seen);
  }
}

function kib(path) {
  return statSync(`${dist}${path}.br`).size / 1024;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const base = new Set();
closure(entry, base);

let failed = false;
for (const gate of gates) {
  const seen = new Set(gate.only ? [] : base);
  for (const key of gate.pages ?? [gate.only]) {
    if (manifest[key] === undefined) {
      throw new Error(`${key} is not a chunk of its own`);
    }
    closure(key, seen);
  }
  if (gate.only) {
    for (const key of base) {
      seen.delete(key);
    }
  }
  const files = [...seen].map((key) => manifest[key]);
  const js = files.reduce((sum, file) => sum + kib(file.file), 0);
  const css = [...new Set(files.flatMap((file) => file.css ?? []))]
    .reduce((sum, path) => sum + kib(path), 0);
  const good = js <= gate.js && css <= gate.css;
  failed ||= !good;
  const line = `js ${js.toFixed(1)} of ${gate.js} KiB, css ${css.toFixed(1)} of ${gate.css} KiB`;
  console.log(`${good ? 'ok  ' : 'OVER'} ${gate.name}: ${line}`);
}
process.exit(failed ? 1 : 0);
