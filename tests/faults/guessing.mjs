// S-3: guessing. Ten thousand passwords, half of them from one address and half from fifty, codes by somebody
// who knows the password, more sign-ins at once than can be hashed; and what becomes of the owner meanwhile.
//
//   node guessing.mjs [--guesses N]      under tests/support/server.sh run
//
// "Looked at" is a guess whose answer says right or wrong; all others say nothing about it. Where the
// rules let time pass, it is moved in the database. Controls: the counters are made to forget, by a
// trigger, and the guesses that were refused are looked at.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { Passkey, totp } from "../contract/lib/authenticator.mjs";
import { Client, pool, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World, psql } from "../contract/lib/world.mjs";

const env = process.env;
const at = process.argv.indexOf("--guesses");
const GUESSES = (at < 0 ? 10000 : Number(process.argv[at + 1])) / 2;
const WIDTH = 8; // fewer than the queue of hashes holds
const FAILURES_MAX = 50;
const ADDRESS_MAX = 30;
const CODES_MAX = 5;
const HASHES = 2;
const HASH_KIB = 64 * 1024;

const report = new Report();
const world = await World.open({ names: ["staff", "director"] });
const { passwords, secrets } = world;

// ---- addresses, the server ----

const clients = new Map();
function from(address) {
  if (!clients.has(address)) {
    const client = new Client(world.base, { sockets: WIDTH });
    client.agent = new http.Agent({ keepAlive: true, maxSockets: WIDTH, timeout: 8000, localAddress: address });
    clients.set(address, client);
  }
  return clients.get(address);
}
const FIFTY = Array.from({ length: 50 }, (_, i) => `127.3.0.${i + 1}`);
const guess = (address, username, more = {}) =>
  from(address).once("POST", "/api/v1/session", { body: { username, password: `doan ${randomBytes(6).toString("hex")}`, ...more } });
const number = (sql) => Number(psql(sql));
const forget = () => psql("DELETE FROM capdo.sign_in_counter; DELETE FROM capdo.sign_in_address; DELETE FROM capdo.factor_attempt");
const events = () => number("SELECT count(*) FROM capdo.security_event");

let server = Number(env.CAPDO_TEST_PID);
let child = null;

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function restart() {
  writeFileSync(`${env.CAPDO_TEST_DIRECTORY}/killed`, "");
  for (const client of clients.values()) client.agent.destroy();
  clients.clear();
  process.kill(server, "SIGTERM");
  for (let i = 0; i < 500 && alive(server); i++) await sleep(20);
  const log = openSync(env.CAPDO_TEST_LOG, "a");
  child = spawn(env.CAPDO_PROGRAM, ["serve", "--config", env.CAPDO_TEST_CONFIG], { stdio: ["ignore", log, log] });
  server = child.pid;
  for (let i = 0; i < 500; i++) {
    try {
      if ((await world.anonymous.get("/readyz", { timeout: 1000 })).status === 200) return;
    } catch {
      // not yet
    }
    await sleep(20);
  }
  throw new Error("the server did not come back");
}

const memoryKib = (what) => Number(readFileSync(`/proc/${server}/status`, "utf8").match(new RegExp(`${what}:\\s+(\\d+)`))[1]);
// The highest that is told is that from here on.
const memoryForget = () => writeFileSync(`/proc/${server}/clear_refs`, "5");

function tally(answers) {
  const counts = { looked: 0, refused: 0, busy: 0, other: [] };
  for (const { status, headers, code } of answers) {
    if (status === 401) counts.looked++;
    else if (status === 429 && Number(headers["retry-after"] ?? 0) + (code === "sign_in_stopped" ? 1 : 0) > 0) counts.refused++;
    else if (status === 503 && Number(headers["retry-after"]) > 0) counts.busy++;
    else counts.other.push(status);
  }
  return counts;
}

// Only what is needed of each answer is kept. Who is sent away by a busy server comes again.
async function guessAll(count, send, now = () => {}) {
  const answers = [];
  await pool(Array.from({ length: count }), WIDTH, async (_, i) => {
    now(i);
    for (let tries = 1; ; tries++) {
      const { status, code, headers } = await send(i);
      answers.push({ status, code: status === 429 ? code : undefined, headers: { "retry-after": headers["retry-after"] } });
      if (status !== 503 || tries === 20) break;
      await sleep(200);
    }
  });
  return tally(answers);
}

// ---- passwords ----

await report.test(`S-3: ${GUESSES} guesses from one address: thirty a minute are looked at`, async () => {
  forget();
  await sleep(600);
  const [before, begun] = [events(), performance.now()];
  const names = ["office", "appraiser", "chairman", "admin", "staff2"];
  memoryForget();
  const memory = memoryKib("VmRSS");
  const counts = await guessAll(GUESSES, (i) => guess("127.2.0.1", i % 2 ? names[i % names.length] : `ai-do-${i}`));
  const windows = Math.floor((performance.now() - begun) / 60e3) + 1;
  expect(counts.other.length === 0 && counts.refused >= GUESSES - counts.looked, JSON.stringify(counts));
  expect(counts.looked <= ADDRESS_MAX * windows && counts.looked >= ADDRESS_MAX - counts.busy, JSON.stringify(counts));
  expect(number("SELECT count(*) FROM capdo.sign_in_counter") <= counts.looked + counts.busy, "a counter for names that were not looked at");
  await sleep(1500);
  const written = events() - before;
  expect(written <= counts.looked + 4 * windows, `${written} entries of the security log`);
  const grown = memoryKib("VmHWM") - memory;
  expect(grown < HASHES * HASH_KIB + 32 * 1024, `${grown} KiB more memory`);
  return `${counts.looked} looked at, ${written} entries, ${(grown / 1024).toFixed(0)} MiB at most, ${((performance.now() - begun) / 1000).toFixed(0)} s`;
});

const ofDirector = "name_sha256 = capdo.sha256_text('director')";
const elapse = () =>
  psql(`UPDATE capdo.sign_in_counter SET retry_at = now() - interval '1 second', last_at = last_at - interval '5 minutes';
    UPDATE capdo.sign_in_address SET since = since - interval '61 seconds'`);
let device = null;

await report.test("S-3: a director signs in with a code, and this browser is known from now on", async () => {
  forget();
  psql("UPDATE capdo.credential_totp SET last_counter = 0");
  const answer = await from("127.4.0.1").once("POST", "/api/v1/session", { body: { username: "director", password: passwords.director, code: totp(secrets.director) } });
  expect(answer.status === 201, answer);
  device = answer.headers["set-cookie"].find((cookie) => cookie.startsWith("device=")).split(";")[0];
});

const signInAtHome = () => {
  psql("UPDATE capdo.credential_totp SET last_counter = 0");
  return from("127.4.0.1").once("POST", "/api/v1/session", { body: { username: "director", password: passwords.director, code: totp(secrets.director) }, headers: { Cookie: device } });
};

await report.test(`S-3: ${GUESSES} guesses at a director from fifty addresses, over hours, with a restart: fifty are looked at`, async () => {
  await sleep(1500);
  const [before, begun] = [events(), performance.now()];
  const step = Math.floor(GUESSES / 60);
  const send = (i) => guess(FIFTY[i % FIFTY.length], "director");
  // Whoever guesses waits out every delay: as good as it gets for them.
  const passing = (i) => i % step === 0 && elapse();
  const half = GUESSES / 2;
  const first = await guessAll(half, send, passing);
  const told = psql(`SELECT failures FROM capdo.sign_in_counter WHERE ${ofDirector} AND device_sha256 = ''`);
  const during = await signInAtHome();
  expect(during.status === 201, `the owner during the attack: ${during}`);
  await restart();
  expect(psql(`SELECT failures FROM capdo.sign_in_counter WHERE ${ofDirector} AND device_sha256 = ''`) === told, "the counter did not survive");
  const second = await guessAll(half, send, passing);
  const looked = first.looked + second.looked;
  expect(first.looked > CODES_MAX && first.looked < FAILURES_MAX && second.looked > 0, JSON.stringify([first, second]));
  expect(looked <= FAILURES_MAX && looked >= FAILURES_MAX - first.busy - second.busy, JSON.stringify([first, second]));
  expect(first.other.length + second.other.length === 0, JSON.stringify([first, second]));
  await sleep(1500);
  const written = events() - before;
  const minutes = Math.floor((performance.now() - begun) / 60e3) + 1;
  // One for each look; of each address the first refusal in a minute and how many there were, again
  // after the restart; the owner's.
  expect(written <= looked + 2 * FIFTY.length * (minutes + 1) + 10, `${written} entries of the security log`);
  return `${looked} looked at, ${written} entries, ${((performance.now() - begun) / 1000).toFixed(0)} s`;
});

await report.test("S-3: then even the right password is not looked at elsewhere, and the owner's own browser goes on", async () => {
  elapse();
  const right = await from("127.5.0.1").once("POST", "/api/v1/session", { body: { username: "director", password: passwords.director, code: totp(secrets.director) } });
  expect(right.status === 429 && right.code === "sign_in_stopped", right);
  const home = await signInAtHome();
  expect(home.status === 201, home);
  expect((await world.director.get("/api/v1/me")).status === 200, "an open session ended");
});

await report.test("S-3: a cookie that the account does not know opens no counter of its own", async () => {
  forget();
  let looked = 0;
  for (let i = 0; i < 12; i++) {
    const answer = await from(FIFTY[i]).once("POST", "/api/v1/session", { body: { username: "director", password: "sai" }, headers: { Cookie: `device=${randomBytes(32).toString("base64url")}` } });
    looked += answer.status === 401 ? 1 : 0;
  }
  expect(looked < 12 && number(`SELECT count(*) FROM capdo.sign_in_counter WHERE ${ofDirector}`) === 1, `${looked} looked at`);
});

await report.test("S-3: before the fiftieth, the right password from a new device is looked at once its wait is over", async () => {
  forget();
  psql("INSERT INTO capdo.sign_in_counter (name_sha256, device_sha256, failures, last_at, retry_at) VALUES (capdo.sha256_text('office'), '', 49, now(), now() + interval '300 seconds')");
  const right = () => from("127.5.0.2").once("POST", "/api/v1/session", { body: { username: "office", password: passwords.office } });
  const early = await right();
  expect(early.status === 429 && Number(early.headers["retry-after"]) > 290, early);
  elapse();
  const late = await right();
  expect(late.status === 201, late);
  expect(number("SELECT count(*) FROM capdo.sign_in_counter WHERE name_sha256 = capdo.sha256_text('office')") === 0, "not forgotten");
});

// ---- codes ----

const code = (i) => String((i * 7919) % 1000000).padStart(6, "0");

await report.test("S-3: codes, by somebody who knows the password: five are looked at, whichever door", async () => {
  forget();
  const pending = await Promise.all([0, 1, 2].map((i) => from(FIFTY[i]).once("POST", "/api/v1/session", { body: { username: "director", password: passwords.director } })));
  const cookies = pending.map((answer) => answer.headers["set-cookie"][0].split(";")[0]);
  await sleep(1500);
  const before = events();
  const answers = [];
  await pool(Array.from({ length: 1000 }), WIDTH, async (_, i) => {
    const answer = await from(FIFTY[i % 3]).once("POST", "/api/v1/session/factor", { body: i % 5 ? { code: code(i) } : { recovery_code: randomBytes(10).toString("hex") }, headers: { Cookie: cookies[i % 3] } });
    answers.push(answer.status);
  });
  for (let i = 0; i < 6; i++) {
    const answer = await from(FIFTY[10 + i]).once("POST", "/api/v1/session", { body: { username: "director", password: passwords.director, code: code(i) } });
    answers.push(answer.status);
  }
  const looked = answers.filter((status) => status === 403).length;
  expect(looked === CODES_MAX && answers.every((status) => status === 403 || status === 429), `${looked} looked at; ${[...new Set(answers)]}`);
  await sleep(1500);
  const written = events() - before;
  // Counts of what was refused in the tests before may be told now: of each address one.
  expect(written <= CODES_MAX + 2 * FIFTY.length + 20, `${written} entries of the security log`);
  // The owner waits for codes, and is let in by what cannot be guessed.
  const home = await signInAtHome();
  expect(home.status === 429 && Number(home.headers["retry-after"]) > 800, `the right code: ${home}`);
  const key = new Passkey(world.site);
  const creation = (await world.director.request("POST", "/api/v1/me/factors/passkeys/options", { body: {} })).json;
  const made = await world.director.request("POST", "/api/v1/me/factors/passkeys", { body: key.create(creation) });
  expect(made.status === 201, made);
  const owner = from("127.4.0.1");
  const options = (await owner.once("POST", "/api/v1/session/passkey-options", { body: { purpose: "sign_in" } })).json;
  const opened = await owner.once("POST", "/api/v1/session/passkey", { body: key.get(options) });
  expect(opened.status === 201, opened);
  return `${written} entries; a passkey opens during the stop`;
});

// ---- more at once than can be hashed ----

await report.test("S-3: eighty at once: two are hashed at a time, few wait, the rest are sent away; reads go on", async () => {
  forget();
  await sleep(1000);
  memoryForget();
  const memory = memoryKib("VmRSS");
  const begun = performance.now();
  const sent = Array.from({ length: 80 }, (_, i) => guess(`127.6.0.${i + 1}`, `dong-${i}`));
  const reads = [];
  const reading = (async () => {
    while (reads.length < 40) reads.push((await world.staff.get("/api/v1/me")).status);
  })();
  const counts = tally(await Promise.all(sent));
  const slowest = performance.now() - begun;
  await reading;
  expect(counts.looked > 0 && counts.busy > 0 && counts.looked + counts.busy === 80, JSON.stringify(counts));
  expect(counts.looked <= HASHES + 16 + HASHES * Math.ceil(slowest / 50), JSON.stringify(counts));
  expect(reads.every((status) => status === 200), `reads: ${reads}`);
  const grown = memoryKib("VmHWM") - memory;
  expect(grown < HASHES * HASH_KIB + 32 * 1024, `${grown} KiB more memory`);
  return `${counts.looked} looked at, ${counts.busy} sent away with Retry-After, ${(grown / 1024).toFixed(0)} MiB at most`;
});

// ---- controls ----

async function without(table, change, fn) {
  psql(`CREATE FUNCTION capdo.s3_forgets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${change}; RETURN NEW; END $$;
    CREATE TRIGGER s3_forgets BEFORE INSERT OR UPDATE ON capdo.${table} FOR EACH ROW EXECUTE FUNCTION capdo.s3_forgets()`);
  try {
    forget();
    return await fn();
  } finally {
    psql(`DROP TRIGGER s3_forgets ON capdo.${table}; DROP FUNCTION capdo.s3_forgets()`);
  }
}

await report.test("control: with a counter of the name that forgets, more than fifty are looked at", () =>
  without("sign_in_counter", "NEW.failures := 0; NEW.retry_at := NULL", async () => {
    const counts = await guessAll(FAILURES_MAX + 6, (i) => guess(FIFTY[i % FIFTY.length], "director"));
    expect(counts.looked > FAILURES_MAX, JSON.stringify(counts));
  }));

await report.test("control: with a counter of the address that forgets, more than thirty are looked at", () =>
  without("sign_in_address", "NEW.tries := 0", async () => {
    const counts = await guessAll(ADDRESS_MAX + 6, (i) => guess("127.2.0.2", `ai-khac-${i}`));
    expect(counts.looked > ADDRESS_MAX, JSON.stringify(counts));
  }));

await report.test("control: with a counter of codes that forgets, more than five are looked at", () =>
  without("factor_attempt", "NEW.failures := 0", async () => {
    const pending = await from("127.2.0.3").once("POST", "/api/v1/session", { body: { username: "chairman", password: passwords.chairman } });
    const cookie = pending.headers["set-cookie"][0].split(";")[0];
    for (let i = 0; i < CODES_MAX + 6; i++) {
      const answer = await from("127.2.0.3").once("POST", "/api/v1/session/factor", { body: { code: code(i) }, headers: { Cookie: cookie } });
      expect(answer.status === 403 && answer.code === "bad_second_factor", answer);
    }
  }));

forget();
world.close();
for (const client of clients.values()) client.close();
if (child !== null) {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  report.check("the server stops as asked", (await Promise.race([ended, sleep(20000)])) === 0);
}
process.exit(report.end());
