// The authorisation matrix as a library: every route of the program, by everyone and by nobody, on
// things of the own unit, of a sibling, of another governing body and of none, in each state; what
// must come is computed from matrix.json. Used by matrix.mjs (Z-1) and layers.mjs (Z-3, Z-4).

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { newKey, pool } from "../contract/lib/http.mjs";
import { expect } from "../contract/lib/report.mjs";
import { NAMES, NOBODYS_ID, Psql, RULESET, World, psql, today } from "../contract/lib/world.mjs";

const root = process.env.CAPDO_ROOT;
const database = new Psql();
export const matrix = JSON.parse(readFileSync(new URL("matrix.json", import.meta.url), "utf8"));
export const openapi = JSON.parse(readFileSync(`${root}/schema/openapi.json`, "utf8"));
const PARTY = { staff: "party.staff", appraiser: "appraiser.h05.41", director: "director.h05.41", chairman: "chairman.h05.40" };
export const PROGRAMS = Object.keys(matrix.programs).filter((name) => name !== "description");
export const SUBJECTS = ["anonymous", ...NAMES, ...Object.keys(PARTY).map((role) => `party_${role}`), ...PROGRAMS];
const DOSSIER_STATES = ["draft", "submitted", "received", "returned", "appraised", "approved", "refused", "withdrawn"];
const LABEL_STATES = ["requested", "granted", "refused", "expired", "withdrawn"];
// Answered by the server itself, beside the program's table of routes.
const OPERATING = ["healthz_get", "readyz_get", "metrics_get"];

// What the program itself says: routes and the rights of each role.
export const program = JSON.parse(execFileSync(process.env.CAPDO_PROGRAM, ["routes"], { encoding: "utf8" }));

// ---- what must come ----

const like = (patterns, object) =>
  (patterns ?? []).some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(object));
const listed = (table, subject, object) => like(table[subject], object) || like(table["*"], object);

export function operations() {
  const known = program.routes.map((route) => ({ id: route.operation, template: route.path, method: route.method, right: route.permission, ifMatch: route.needs_if_match, writes: route.writes }));
  const operating = Object.entries(openapi.paths).flatMap(([template, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => OPERATING.includes(operation.operationId))
      .map(([method, operation]) => ({ id: operation.operationId, template, method: method.toUpperCase(), right: operation["x-permission"] })),
  );
  return [...known, ...operating];
}

export const ownerOf = (object) => object.split(" ")[0];
export const stateOf = (object) => object.split(" ").slice(1).join(" ");

// Objects of a kind: each owner's thing in each state, and one that does not exist.
export function objectsOf(rules, kind) {
  const states = rules.objects[kind];
  if (!rules.owned.includes(kind)) return states;
  const things = rules.owners.flatMap((owner) => states.map((state) => `${owner} ${state}`.trim()));
  return kind === "place" ? things : [...things, "unknown"];
}

// The same case seen from the first governing body, whose rows alone are written down.
function mirrored(rules, kind, subject, object) {
  if (!subject.startsWith("party_")) return { who: subject, what: object };
  const who = subject.slice("party_".length);
  if (!rules.owned.includes(kind) || object === "unknown") return { who, what: object };
  return { who, what: `${ownerOf(object) === "foreign" ? "own" : "foreign"} ${stateOf(object)}`.trim() };
}

function step(rules, kind, who, what, to) {
  const state = stateOf(what);
  const row = rules.steps[kind].find(([from, next]) => from === state && next === to);
  if (!row) return 409;
  if ({ own: row[2], sibling: row[3], foreign: [] }[ownerOf(what)].includes(who)) return 200;
  return rules.steps.blocked[`${kind} ${state} ${to} ${who}`] ?? 403;
}

export const sees = (rules, kind, subject, object) => {
  const { who, what } = mirrored(rules, kind, subject, object);
  return listed(rules.sees[kind], who, what);
};

// The status of one cell by these rules.
export function expected(rules, { row, subject, object, to }) {
  const rule = rules.operations[row.id];
  const public_ = row.right === "public";
  const { who, what } = mirrored(rules, rule.object, subject, object);
  if (subject === "anonymous" && !public_) return 401;
  if (PROGRAMS.includes(subject) && !public_ && (row.method !== "GET" || row.right.startsWith("sign"))) return 403;
  if (!public_ && !["signing_in", "signed_in"].includes(row.right) && !rules.permissions[who].includes(row.right)) return 403;
  if (!listed(rules.sees[rule.object], who, what)) return 404;
  if (rule.steps) return step(rules, rule.steps, who, what, to);
  return listed(rule.may, who, what) ? rule.status : rule.else;
}

// ---- the people ----

const signInAs = (world, subject) => world.signIn(subject.startsWith("party_") ? PARTY[subject.slice("party_".length)] : subject);

// The second governing body has a unit of its own that operates: the specialised one must not.
async function makePartyUnit(world) {
  if (psql(`SELECT 1 FROM capdo.account WHERE username = '${PARTY.staff}'`) !== "") return;
  const governing = psql("SELECT id FROM capdo.organisation WHERE code = 'H05.40'");
  const unit = await world.newOrganisation({ name: "Ban Tuyên giáo và Dân vận", kind: "party", parent_id: governing });
  psql(`WITH a AS (INSERT INTO capdo.account (id, username, display_name, password_hash) VALUES (gen_random_uuid(), '${PARTY.staff}', 'Cán bộ Ban Tuyên giáo và Dân vận', '!') RETURNING id)
        INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from) SELECT gen_random_uuid(), a.id, '${unit.id}', 'staff', capdo.today() - 30 FROM a`);
}

// The demo province, its second governing body, and the three sides things are made on.
export async function openWorld() {
  const world = await World.open();
  await makePartyUnit(world);
  for (const role of Object.keys(PARTY)) {
    const client = await signInAs(world, `party_${role}`);
    world.people[`party_${role}`] = world[`party_${role}`] = client;
  }
  // Who decides there has an authenticator app too, as the demo's own have.
  psql(`INSERT INTO capdo.credential_totp (account_id, key_id, sealed, confirmed_at)
    SELECT id, repeat('0', 16), decode(repeat('00', 60), 'hex'), now() FROM capdo.account
    WHERE username IN ('${PARTY.director}', '${PARTY.chairman}') ON CONFLICT DO NOTHING`);
  for (const name of PROGRAMS) world.people[name] = world[name] = await world.program(name, matrix.programs[name], 8);
  const sibling = Object.assign(Object.create(world), { staff: world.staff2, staff2: null, operator: world.operator2 });
  const foreign = Object.assign(Object.create(world), {
    ...Object.fromEntries(Object.keys(PARTY).map((role) => [role, world[`party_${role}`]])),
    staff2: null,
    operator: world.party_staff.me.capacities[0].organisation.id,
    governing: world.party_chairman.me.capacities[0].organisation.id,
  });
  world.sides = { own: world, sibling, foreign };
  return world;
}

// ---- the things ----

// A granted label whose last day is over.
const lapse = (label) =>
  psql(`UPDATE capdo.label SET granted_on = capdo.today() - 800, expires_on = capdo.today() - 1, version = version + 1 WHERE id = '${label.id}'`);

async function labelIn(side, state) {
  if (state !== "lapsed" && state !== "expired") return side.labelIn(state);
  const label = await side.labelIn("granted");
  lapse(label);
  if (state === "lapsed") return label;
  const answer = await side.appraiser.post(`/api/v1/labels/${label.id}/transitions`, { to: "expired" }, { headers: { "If-Match": `"${label.version + 1}"` } });
  expect(answer.status === 200, answer);
  return answer.json;
}

async function dossierIn(side, state) {
  if (state === "draft") return side.complete(side.staff, await side.dossierIn("draft"));
  if (state === "appraised3") return side.dossierIn("appraised", { level: 3, reason: "Phục vụ toàn tỉnh" });
  return side.dossierIn(state);
}

// What the administrator keeps: each can be changed or ended once.
export async function renewRecords(world, things) {
  things.organisation = { any: await world.newOrganisation() };
  things.account = { any: await world.newAccount() };
  things.assignment = { any: await world.newAssignment() };
  const governing = await world.newOrganisation();
  const delegate = await world.newOrganisation({ parent_id: governing.id });
  things.delegated = { governing_id: governing.id, organisation_id: delegate.id };
  things.delegation = { any: await world.newDelegation(4, things.delegated) };
}

export async function makeThings(world) {
  const things = { system: {}, dossier: {}, label: {}, organisation: {}, fresh: {} };
  things.fresh.dossier = (object) => dossierIn(world.sides[ownerOf(object)], stateOf(object));
  things.fresh.label = (object) => labelIn(world.sides[ownerOf(object)], stateOf(object));
  for (const kind of ["dossier", "label"]) {
    for (const object of objectsOf(matrix, kind)) if (object !== "unknown") things[kind][object] = await things.fresh[kind](object);
  }
  for (const [owner, side] of Object.entries(world.sides)) {
    things.system[`${owner} new`] = await side.newSystem();
    things.system[`${owner} received`] = { id: things.dossier[`${owner} received`].systems[0].system.id, version: null };
  }
  things.token = {};
  things.fresh.token = async () => (await world.newToken()).api_token;
  things.token.active = await things.fresh.token();
  await renewRecords(world, things);
  things.place = Object.fromEntries(Object.entries(world.sides).map(([owner, side]) => [owner, side.operator]));
  things.governing = Object.fromEntries(Object.entries(world.sides).map(([owner, side]) => [owner, side.governing]));
  return things;
}

// ---- the requests ----

const STEP_BODY = {
  dossier: (world, to) => ({ ...world.decision(to), conclusion: "suitable", method: "written" }),
  label: (world, to) => (to === "granted" ? world.grant() : { to, ...(to === "withdrawn" || to === "refused" ? { reason: "Lý do" } : {}) }),
};

export async function body(world, things, cell) {
  const { row, object, to } = cell;
  const rule = matrix.operations[row.id];
  if (rule.steps) return STEP_BODY[rule.steps](world, to);
  switch (row.id) {
    case "session_create":
      return { username: `nobody-${randomUUID().slice(0, 8)}`, password: "wrong" };
    case "session_factor":
    case "session_passkey":
      return {};
    case "session_passkey_options":
      return { purpose: "sign_in" };
    case "factor_totp_begin":
    case "factor_passkey_options":
      return {};
    case "factor_totp_confirm":
      return { code: "1" };
    case "factor_passkey_create":
    case "factor_passkey_change":
      return { name: "Khóa" };
    case "identity_link":
      return { return_path: "/" };
    case "account_create":
      return world.accountBody();
    case "membership_create":
      return world.membershipBody({ role: "office" });
    case "membership_end":
      return { document_number: "2/QĐ" };
    case "activation_check":
      return { token: "A".repeat(43) };
    case "activation_create":
      return { token: "A".repeat(43), password: "mua xuan den som hon" };
    case "password_put":
      return { current: "wrong", password: "mua xuan den som hon" };
    case "classification_create":
      return { ruleset: RULESET, facts: world.facts };
    case "organisation_create":
      return world.organisationBody();
    case "token_create":
      return world.tokenBody();
    case "token_rotate":
      return {};
    case "organisation_change":
      return { phone: "1" };
    case "organisation_import":
      return world.importFile();
    case "organisation_change_create":
      return world.renaming();
    case "assignment_create":
      return world.assignmentBody(things.organisation.any);
    case "delegation_create":
      return world.delegationBody(5, things.delegated);
    case "assignment_end":
    case "delegation_end":
      return { document_number: "12/QĐ-UBND", valid_to: today() };
    case "system_create":
      return world.systemBody({ operator_id: things.place[object], governing_id: things.governing[object] });
    case "system_change":
      return { scope: `Sửa ${cell.subject}` };
    case "label_create":
      return world.labelBody({ operator_id: things.place[object], governing_id: things.governing[object] });
    case "dossier_create":
      // Someone else's system is not found; the own one must have no open dossier.
      return world.dossierBody(expected(matrix, cell) === 201 ? await world.sides[object].newSystem() : things.system[`${object} new`]);
    case "dossier_change":
      return { systems: [{ system_id: things.dossier[object]?.systems[0].system.id ?? NOBODYS_ID, proposed_level: things.dossier[object]?.level ?? 2, reason: "Phục vụ toàn tỉnh" }] };
    case "dossier_item_put":
      return { content: "Nội dung", document_number: "1", document_date: today() };
    default:
      return undefined;
  }
}

export function path(things, { row, object }) {
  const kind = matrix.operations[row.id].object;
  const thing = things[kind]?.[object];
  const id = kind === "ruleset" ? (object === "any" ? RULESET : "vn-1-1900") : (thing?.id ?? NOBODYS_ID);
  const item = (things.dossier[object] ?? things.dossier["own draft"]).items[0].item;
  return row.template.replace("{id}", id).replace("{item}", encodeURIComponent(item)).replace("{number}", "1").replace("{view}", "by_level").replace("{membership}", things.account.any.memberships[0].id);
}

export async function current(world, things, cell) {
  const kind = matrix.operations[cell.row.id].object;
  const thing = things[kind]?.[cell.object];
  if (!thing?.id) return '"1"';
  const table = { token: "api_token", assignment: "specialised_unit" }[kind] ?? kind;
  return `"${await database.ask(`SELECT version FROM capdo.${table} WHERE id = '${thing.id}'`)}"`;
}

export async function ask(world, things, cell, etags) {
  const { row, subject } = cell;
  const headers = { "Idempotency-Key": newKey() };
  const target = path(things, cell) + (row.id === "organisation_import" ? "?mode=atomic" : "");
  if (row.id === "organisation_import") headers["Content-Type"] = "text/csv";
  if (row.ifMatch) {
    etags[target] ??= await current(world, things, cell);
    headers["If-Match"] = etags[target];
  }
  let client = subject === "anonymous" ? world.anonymous : world[subject];
  if (row.id === "session_delete" && subject !== "anonymous" && !PROGRAMS.includes(subject)) client = await signInAs(world, subject);
  const answer = await client.request(row.method, target, { body: await body(world, things, cell), headers });
  if (client !== world.anonymous && client !== world[subject]) client.close();
  return answer;
}

// Everything of the register as one digest. Sessions, counters of sign-ins, the time a token was last
// used and the log of refusals change by themselves.
const RESTLESS = ["session", "account", "sign_in_address", "security_event", "sign_in_counter", "known_device"];
const words = "(to_jsonb(t) - 'last_used_at')::text";
const TABLES = psql(
  `SELECT relname FROM pg_class WHERE relnamespace = 'capdo'::regnamespace AND relkind = 'r' AND relname NOT IN ('${RESTLESS.join("','")}') ORDER BY 1`,
).split("\n");
export const digest = () =>
  database.ask(TABLES.map((table) => `SELECT '${table}', count(*), md5(coalesce(string_agg(md5(${words}), '' ORDER BY md5(${words})), '')) FROM capdo."${table}" t;`).join("\n"));

// Tables that are not as they were.
export const changedSince = async (before) => {
  const old = new Set(before.split("\n"));
  return (await digest()).split("\n").filter((line) => !old.has(line)).map((line) => line.split("|")[0]);
};

// What each unit has, as a digest of its own.
const digests = async () => {
  const tables = ["system", "dossier", "label"].map((table) => `SELECT operator_id, md5(t::text) AS words FROM capdo.${table} t`);
  const rows = await database.ask(`SELECT operator_id, md5(string_agg(words, '' ORDER BY words)) FROM (${tables.join(" UNION ALL ")}) x GROUP BY 1`);
  return Object.fromEntries(rows.split("\n").map((line) => line.split("|")));
};

// Units other than the one of the object that are not as before.
const touched = async (things, before, object) => {
  const now = await digests();
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((unit) => unit !== things.place[ownerOf(object)] && before[unit] !== now[unit]);
};

// Reads first: they need the things as they were made.
export const inOrder = (rows) => [...rows].sort((a, b) => (a.method === "GET" ? 0 : 1) - (b.method === "GET" ? 0 : 1));

export function cellsOf(row) {
  const rule = matrix.operations[row.id];
  const targets = rule.steps === "dossier" ? DOSSIER_STATES : rule.steps === "label" ? LABEL_STATES : [undefined];
  return SUBJECTS.flatMap((subject) => objectsOf(matrix, rule.object).flatMap((object) => targets.map((to) => ({ row, subject, object, to }))));
}

export const nameOf = ({ row, subject, object, to }) => `${row.id} by ${subject} on ${object}${to ? ` -> ${to}` : ""}`;

export async function runOperation(world, things, row, results, subjects = SUBJECTS) {
  const cells = cellsOf(row).filter((cell) => subjects.includes(cell.subject));
  const etags = {};
  const refusals = cells.filter((cell) => expected(matrix, cell) >= 400);
  const allowed = cells.filter((cell) => expected(matrix, cell) < 400);
  const before = row.method === "GET" ? null : await digest();
  // What changes nothing is asked six at a time.
  const atOnce = row.method === "GET" ? cells : refusals;
  await pool(atOnce, 6, async (cell) => results.push({ cell, status: (await ask(world, things, cell, etags)).status }));
  if (before !== null) for (const table of await changedSince(before)) results.push({ finding: `${row.id}: a refused request changed ${table}` });
  for (const cell of row.method === "GET" ? [] : allowed) {
    const kind = matrix.operations[row.id].object;
    const mine = { ...things };
    if (matrix.operations[row.id].steps || kind === "token") mine[kind] = { ...things[kind], [cell.object]: await things.fresh[kind](cell.object) };
    const units = row.writes && matrix.owned.includes(kind) ? await digests() : null;
    results.push({ cell, status: (await ask(world, mine, cell, {})).status });
    if (units !== null && (await touched(things, units, cell.object)).length > 0) results.push({ finding: `${nameOf(cell)}: things of another unit changed` });
  }
}

export const differences = (rules, results) =>
  results
    .filter(({ cell, status, finding }) => finding ?? status !== expected(rules, cell))
    .map(({ cell, status, finding }) => finding ?? `${nameOf(cell)}: ${status}, must be ${expected(rules, cell)}`);

// ---- lists ----

async function ids(client, kind) {
  const found = new Set();
  for (let next = ""; next !== null; ) {
    const page = (await client.get(`/api/v1/${kind}s?limit=200${next}`)).json;
    for (const row of page.items) found.add(row.id);
    next = page.next === null ? null : `&cursor=${page.next}`;
  }
  return found;
}

// Each list holds exactly what the subject sees.
export async function listFindings(world, things) {
  const wrong = [];
  for (const kind of ["system", "dossier", "label"]) {
    for (const subject of SUBJECTS) {
      if (subject === "anonymous" || !matrix.permissions[subject.replace("party_", "")].includes(`${kind}.read`)) continue;
      const found = await ids(world[subject], kind);
      for (const [object, thing] of Object.entries(things[kind])) {
        const seen = sees(matrix, kind, subject, object);
        if (found.has(thing.id) !== seen) wrong.push(`${kind}s of ${subject}: ${object} is ${seen ? "missing" : "shown"}`);
      }
    }
  }
  return wrong;
}
