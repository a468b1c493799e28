// After `vite build`: subresource integrity in index.html, then .br and .gz beside each text file.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const page = join(dist, 'index.html');

function integrity(path) {
  const hash = createHash('sha384').update(readFileSync(join(dist, path))).digest('base64');
  return `sha384-${hash}`;
}

const html = readFileSync(page, 'utf8').replace(
  /<(script|link)([^>]*?)\s(src|href)="\/(assets\/[^"]+\.(?:js|css))"([^>]*)>/g,
  (_all, tag, before, attribute, path, after) =>
    `<${tag}${before} ${attribute}="/${path}"${after} integrity="${integrity(path)}">`,
);
if (!html.includes('integrity="sha384-')) {
  throw new Error('index.html names no script to protect');
}
writeFileSync(page, html);

// The manifest only serves check-size.mjs; keep it out of what the server loads.
const manifest = join(dist, '.vite/manifest.json');
writeFileSync(join(dist, '../node_modules/.capdo-manifest.json'), readFileSync(manifest));
rmSync(join(dist, '.vite'), { recursive: true });

const text = /\.(js|css|svg|json|txt|html)$/;
for (const name of readdirSync(dist, { recursive: true })) {
  // index.html is not stored compressed: its nonce differs in every answer.
  if (!text.test(name) || name === 'index.html') {
    continue;
  }
  const bytes = readFileSync(join(dist, name));
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(join(dist, `${name}.br`), brotli);
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
