// S-2: from an answer to a sign-in, or from how long it took, nobody learns whether a name exists, nor
// what became of its account.
//
//   node enumeration.mjs [--seconds N] [--control]     under tests/support/server.sh run
//
// No absolute time is asserted. In each round every kind of name is tried once, in random order, and
// compared with a wrong password of the same round; over the rounds the differences are judged by rank
// (Wilcoxon's signed ranks, the Hodges-Lehmann median and its interval of 99.9 %), so that neither the
// speed of the machine nor what else it does counts. A kind is found out when its interval does not
// hold zero and its median is more than a limit away. Two times are compared: of the answer, as a
// stranger sees it, and of the server's processor, which a busy machine blurs less. Rounds end when
// every kind is settled, or after --seconds (default 30; a fifth
// of it where nothing is hashed).
// --control: the server of CAPDO_TEST_NOBODY_HASH, which hashes otherwise for names it does not know,
// must be found out.

import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { Client } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { psql } from "../contract/lib/world.mjs";

const at = process.argv.indexOf("--seconds");
const SECONDS = at < 0 ? 30 : Number(process.argv[at + 1]);
const ROUNDS_MIN = 12; // with fewer no difference can be told at 99.9 %
const ROUNDS_MAX = 200;
const CONTROL = process.argv.includes("--control");
const LIMIT = 0.04; // of what one sign-in takes; with a hash of 100 ms: 4 ms
const LIMIT_CHEAP = 0.25; // of an answer without a hash, 2 ms or so
const Z = 3.29; // 99.9 %, two-sided

const report = new Report();
const client = new Client(process.env.CAPDO_TEST_URL, { sockets: 1 });
const serial = randomBytes(4).toString("hex");

// ---- accounts of each kind, with names of one length ----

const name = (kind) => `s2.${serial}.${kind}`.padEnd(24, "0");
const HASH = "(SELECT password_hash FROM capdo.account WHERE username = 'office')";
psql(
  [
    [name("active"), HASH, "NULL", "now()"],
    [name("disabled"), HASH, "now()", "now()"],
    [name("invited"), "'!'", "NULL", "NULL"],
    [name("reset"), "'!'", "NULL", "now()"],
  ]
    .map(
      ([username, hash, disabled, activated]) => `INSERT INTO capdo.account (id, username, display_name, password_hash, disabled_at, activated_at)
        VALUES (gen_random_uuid(), '${username}', 'Người thử', ${hash}, ${disabled}, ${activated});`,
    )
    .join("\n"),
);

const KINDS = {
  "a wrong password": () => name("active"),
  "a name nobody has": () => name(randomBytes(4).toString("hex")),
  "a disabled account": () => name("disabled"),
  "an account not activated yet": () => name("invited"),
  "an account whose password was reset": () => name("reset"),
  "an account with a second factor": () => "director",
};
const [BASE, ...OTHERS] = Object.keys(KINDS);
const forget = () => psql("DELETE FROM capdo.sign_in_counter; DELETE FROM capdo.sign_in_address");
const attempt = (username, more = {}) => client.once("POST", "/api/v1/session", { body: { username, password: "sai mat khau roi", ...more } });

// ---- what is answered ----

// Everything but what differs between any two answers.
function shown(answer) {
  const names = Object.entries(answer.headers).map(([key, value]) => [key, ["x-request-id", "server-timing", "date"].includes(key) ? "…" : value]);
  const body = answer.text.replaceAll(answer.headers["x-request-id"], "…");
  return JSON.stringify([answer.status, names, body]);
}

async function sameForAll(what, send) {
  await report.test(`S-2: ${what}: status, headers and body are the same for every kind of name`, async () => {
    const answers = {};
    for (const kind of Object.keys(KINDS)) {
      forget();
      answers[kind] = shown(await send(KINDS[kind]()));
    }
    for (const kind of OTHERS) expect(answers[kind] === answers[BASE], `${kind}: ${answers[kind]}\n  ${BASE}: ${answers[BASE]}`);
    return answers[BASE].slice(1, 4);
  });
}

// Counters as if so many had failed already; the next try is too soon.
const failed = (username, failures, wait) =>
  psql(`INSERT INTO capdo.sign_in_counter (name_sha256, device_sha256, failures, last_at, retry_at)
    VALUES (capdo.sha256_text('${username}'), '', ${failures}, now(), now() + interval '${wait} seconds')`);

if (!CONTROL) {
  await sameForAll("a wrong password", (username) => attempt(username));
  await sameForAll("with a code", (username) => attempt(username, { code: "000000" }));
  await sameForAll("in English", (username) => client.once("POST", "/api/v1/session", { body: { username, password: "x" }, headers: { "Accept-Language": "en" } }));
  await sameForAll("too soon after a failure", async (username) => {
    failed(username, 20, 100);
    const answer = await attempt(username);
    const wait = Number(answer.headers["retry-after"]);
    expect(answer.status === 429 && wait > 90 && wait <= 100, answer);
    answer.headers["retry-after"] = "…";
    return answer;
  });
  await sameForAll("after fifty failures", async (username) => {
    failed(username, 50, 0);
    const answer = await attempt(username);
    expect(answer.status === 429 && answer.code === "sign_in_stopped", answer);
    return answer;
  });
}

// ---- how long it takes ----

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

// The Hodges-Lehmann median of paired differences, and its interval by Wilcoxon's signed ranks.
function judge(differences) {
  const n = differences.length;
  const walsh = [];
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) walsh.push((differences[i] + differences[j]) / 2);
  walsh.sort((a, b) => a - b);
  const aside = Math.max(0, Math.floor((n * (n + 1)) / 4 - Z * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24)));
  return { shift: median(walsh), low: walsh[aside], high: walsh[walsh.length - 1 - aside] };
}

function shuffled(items) {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Nanoseconds that the server's threads have run so far.
function processorMs() {
  const tasks = `/proc/${process.env.CAPDO_TEST_PID}/task`;
  return readdirSync(tasks).reduce((sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]) / 1e6, 0);
}

const MEASURES = ["answer", "processor"];

function settle(times, limit) {
  const verdicts = [];
  for (const measure of MEASURES) {
    const base = median(times[BASE].map((row) => row[measure]));
    const most = limit * base;
    for (const kind of OTHERS) {
      const found = judge(times[kind].map((row, i) => row[measure] - times[BASE][i][measure]));
      const same = found.low > -most && found.high < most;
      const other = found.low > most || found.high < -most;
      const differs = (found.low > 0 || found.high < 0) && Math.abs(found.shift) > most;
      verdicts.push({ kind, measure, differs, settled: same || other, base, rounds: times[kind].length, ...found });
    }
  }
  return verdicts;
}

async function compare(limit, seconds, before, send) {
  const times = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
  const begun = performance.now();
  for (let round = 1; ; round++) {
    const names = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, KINDS[kind]()]));
    before(Object.values(names));
    for (const kind of shuffled(Object.keys(KINDS))) {
      const [processor, now] = [processorMs(), performance.now()];
      await send(names[kind]);
      const answer = performance.now() - now;
      times[kind].push({ answer, processor: processorMs() - processor });
    }
    const over = round >= ROUNDS_MIN && (round >= ROUNDS_MAX || performance.now() - begun > seconds * 1000);
    if (!over && (round < ROUNDS_MIN || round % 4 !== 0)) continue;
    const verdicts = settle(times, limit);
    if (over || verdicts.every((verdict) => verdict.settled)) return verdicts;
  }
}

const told = ({ kind, measure, shift, low, high, rounds, base }) =>
  `${kind}, ${measure}: ${shift.toFixed(2)} ms from ${base.toFixed(1)} ms, 99.9 %: ${low.toFixed(2)} to ${high.toFixed(2)}, ${rounds} rounds`;

const hashed = await compare(LIMIT, SECONDS, forget, async (username) => {
  const answer = await attempt(username);
  expect(answer.status === 401, answer);
});

if (CONTROL) {
  for (const kind of OTHERS) {
    const known = kind === "an account with a second factor";
    const found = hashed.filter((row) => row.kind === kind);
    report.check(`control: ${known ? "not found out" : "found out"}: ${found.map(told).join("; ")}`, found.some((row) => row.differs) === !known);
  }
} else {
  for (const verdict of hashed) report.check(`S-2: a time like that of a wrong password: ${told(verdict)}`, !verdict.differs);
  for (const [what, failures] of [
    ["who has to wait", 10],
    ["who was stopped", 50],
  ]) {
    const refused = await compare(LIMIT_CHEAP, SECONDS / 5, (names) => (forget(), names.forEach((username) => failed(username, failures, 300))), async (username) => {
      const answer = await attempt(username);
      expect(answer.status === 429, answer);
    });
    for (const verdict of refused.filter((row) => row.measure === "answer")) report.check(`S-2: ${what}: ${told(verdict)}`, !verdict.differs);
  }
}

forget();
client.close();
process.exit(report.end());
