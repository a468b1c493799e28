// Z-1: the authorisation matrix. Every operation of the contract, by everyone and by nobody, on
// things of the own unit, of another, and of none, in each state. What must come is computed from
// matrix.json; refused requests must leave the database as it was.
//
//   node matrix.mjs      under tests/support/server.sh run

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { newKey } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { NAMES, NOBODYS_ID, RULESET, World, today } from "../contract/lib/world.mjs";

const root = process.env.CAPDO_ROOT;
const matrix = JSON.parse(readFileSync(new URL("matrix.json", import.meta.url), "utf8"));
const openapi = JSON.parse(readFileSync(`${root}/schema/openapi.json`, "utf8"));
const report = new Report();
const SUBJECTS = ["anonymous", ...NAMES];
const DOSSIER_STATES = ["draft", "submitted", "received", "returned", "appraised", "approved", "refused", "withdrawn"];
const LABEL_STATES = ["requested", "granted", "refused", "expired", "withdrawn"];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

const psql = (text) =>
  execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", process.env.CAPDO_TEST_SUPERUSER_URL], { encoding: "utf8", input: text, maxBuffer: 1 << 26 }).trim();

// ---- what must come ----

const like = (patterns, object) =>
  (patterns ?? []).some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(object));
const listed = (table, subject, object) => like(table[subject], object) || like(table["*"], object);

function operations(contract) {
  return Object.entries(contract.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation, id: operation.operationId, right: operation["x-permission"] })),
  );
}

function step(rules, kind, subject, object, to) {
  const [owner, state] = object.split(" ");
  const row = rules.steps[kind].find(([from, next]) => from === state && next === to);
  if (!row) return 409;
  if (row[owner === "own" ? 2 : 3].includes(subject)) return 200;
  return rules.steps.blocked[`${kind} ${state} ${to} ${subject}`] ?? 403;
}

// The status of one cell by these rules.
function expected(rules, { row, subject, object, to }) {
  const rule = rules.operations[row.id];
  const public_ = row.right === "public";
  if (subject === "anonymous" && !public_) return 401;
  if (!public_ && !["signing_in", "signed_in"].includes(row.right) && !rules.permissions[subject].includes(row.right)) return 403;
  if (!listed(rules.sees[rule.object], subject, object)) return 404;
  if (rule.steps) return step(rules, rule.steps, subject, object, to);
  return listed(rule.may, subject, object) ? rule.status : rule.else;
}

// ---- the things ----

async function makeThings(world) {
  const things = { system: {}, dossier: {}, label: {}, organisation: {}, fresh: {} };
  const sibling = async (state) => {
    let dossier = await world.complete(world.staff2, await world.newDossier(world.staff2));
    if (state === "submitted") dossier = await world.take(world.staff2, dossier, { to: "submitted" });
    return dossier;
  };
  const own = async (state) => {
    if (state === "draft") return world.complete(world.staff, await world.dossierIn("draft"));
    if (state === "appraised3") return world.dossierIn("appraised", { level: 3, reason: "Phục vụ toàn tỉnh" });
    return world.dossierIn(state);
  };
  things.fresh.dossier = (object) => (object.startsWith("own") ? own(object.split(" ")[1]) : sibling(object.split(" ")[1]));
  things.fresh.label = (object) => (object.startsWith("own") ? world.labelIn(object.split(" ")[1]) : world.newLabel(world.staff2));
  for (const object of matrix.objects.dossier) if (object !== "unknown") things.dossier[object] = await things.fresh.dossier(object);
  for (const object of matrix.objects.label) if (object !== "unknown") things.label[object] = await things.fresh.label(object);
  const first = (dossier) => ({ id: dossier.systems[0].system.id, version: null });
  things.system["own new"] = await world.newSystem();
  things.system["sibling new"] = await world.newSystem(world.staff2);
  things.system["own received"] = first(things.dossier["own received"]);
  things.system["sibling received"] = first(things.dossier["sibling submitted"]);
  things.organisation.any = await world.newOrganisation();
  things.place = { own: world.operator, sibling: world.operator2 };
  return things;
}

// ---- the requests ----

const STEP_BODY = {
  dossier: (world, to) => ({ ...world.decision(to), conclusion: "suitable", method: "written" }),
  label: (world, to) => (to === "granted" ? world.grant() : { to, ...(to === "withdrawn" || to === "refused" ? { reason: "Lý do" } : {}) }),
};

async function body(world, things, cell) {
  const { row, object, to } = cell;
  const rule = matrix.operations[row.id];
  if (rule.steps) return STEP_BODY[rule.steps](world, to);
  switch (row.id) {
    case "session_create":
      return { username: "nobody-of-this-name", password: "wrong" };
    case "classification_create":
      return { ruleset: RULESET, facts: world.facts };
    case "organisation_create":
      return world.organisationBody();
    case "organisation_change":
      return { phone: "1" };
    case "organisation_change_create":
      return world.renaming();
    case "system_create":
      return world.systemBody({ operator_id: things.place[object] });
    case "system_change":
      return { scope: `Sửa ${cell.subject}` };
    case "label_create":
      return world.labelBody({ operator_id: things.place[object] });
    case "dossier_create":
      // Someone else's system is not found; the own one must have no open dossier.
      return world.dossierBody(expected(matrix, cell) === 201 ? await world.newSystem(world[cell.subject]) : things.system[`${object} new`]);
    case "dossier_change":
      return { systems: [{ system_id: things.dossier[object]?.systems[0].system.id ?? NOBODYS_ID, proposed_level: things.dossier[object]?.level ?? 2, reason: "Phục vụ toàn tỉnh" }] };
    case "dossier_item_put":
      return { content: "Nội dung", document_number: "1", document_date: today() };
    default:
      return undefined;
  }
}

function path(things, { row, object }) {
  const kind = matrix.operations[row.id].object;
  const thing = things[kind]?.[object];
  const id = kind === "ruleset" ? (object === "any" ? RULESET : "vn-1-1900") : (thing?.id ?? NOBODYS_ID);
  const item = (things.dossier[object] ?? things.dossier["own draft"]).items[0].item;
  return row.template.replace("{id}", id).replace("{item}", encodeURIComponent(item)).replace("{number}", "1").replace("{view}", "by_level");
}

async function current(world, things, cell) {
  const kind = matrix.operations[cell.row.id].object;
  const thing = things[kind]?.[cell.object];
  if (!thing?.id) return '"1"';
  return `"${psql(`SELECT version FROM capdo.${kind} WHERE id = '${thing.id}'`)}"`;
}

async function ask(world, things, cell, etags) {
  const { row, subject } = cell;
  const headers = { "Idempotency-Key": newKey() };
  const target = path(things, cell);
  if (row.operation.parameters?.some((p) => p.name === "If-Match")) {
    etags[target] ??= await current(world, things, cell);
    headers["If-Match"] = etags[target];
  }
  let client = subject === "anonymous" ? world.anonymous : world[subject];
  if (row.id === "session_delete" && subject !== "anonymous") client = await world.signIn(subject);
  const answer = await client.request(row.method, target, { body: await body(world, things, cell), headers });
  if (client !== world.anonymous && client !== world[subject]) client.close();
  return answer;
}

// Everything of the register as one digest. Sessions and counters of sign-ins change by themselves.
const TABLES = psql(
  "SELECT relname FROM pg_class WHERE relnamespace = 'capdo'::regnamespace AND relkind = 'r' AND relname NOT IN ('session', 'account') ORDER BY 1",
).split("\n");
const digest = () =>
  psql(TABLES.map((table) => `SELECT '${table}', count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM capdo."${table}" t;`).join("\n"));

function cellsOf(row) {
  const rule = matrix.operations[row.id];
  const targets = rule.steps === "dossier" ? DOSSIER_STATES : rule.steps === "label" ? LABEL_STATES : [undefined];
  return SUBJECTS.flatMap((subject) => matrix.objects[rule.object].flatMap((object) => targets.map((to) => ({ row, subject, object, to }))));
}

const nameOf = ({ row, subject, object, to }) => `${row.id} by ${subject} on ${object}${to ? ` -> ${to}` : ""}`;

async function runOperation(world, things, row, results) {
  const cells = cellsOf(row);
  const etags = {};
  const refusals = cells.filter((cell) => expected(matrix, cell) >= 400);
  const allowed = cells.filter((cell) => expected(matrix, cell) < 400);
  const before = row.method === "GET" ? null : digest();
  for (const cell of refusals) results.push({ cell, status: (await ask(world, things, cell, etags)).status });
  if (before !== null && digest() !== before) results.push({ cell: { ...refusals[0], row: { ...row } }, status: "the database changed" });
  for (const cell of allowed) {
    const kind = matrix.operations[row.id].object;
    const mine = { ...things };
    if (matrix.operations[row.id].steps) mine[kind] = { ...things[kind], [cell.object]: await things.fresh[kind](cell.object) };
    results.push({ cell, status: (await ask(world, mine, cell, {})).status });
  }
}

const differences = (rules, results) =>
  results.filter(({ cell, status }) => status !== expected(rules, cell)).map(({ cell, status }) => `${nameOf(cell)}: ${status}, must be ${expected(rules, cell)}`);

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
async function listFindings(world, things) {
  const wrong = [];
  for (const kind of ["system", "dossier", "label"]) {
    for (const subject of NAMES) {
      if (!matrix.permissions[subject].includes(`${kind}.read`)) continue;
      const found = await ids(world[subject], kind);
      for (const [object, thing] of Object.entries(things[kind])) {
        const sees = listed(matrix.sees[kind], subject, object);
        if (found.has(thing.id) !== sees) wrong.push(`${kind}s of ${subject}: ${object} is ${sees ? "missing" : "shown"}`);
      }
    }
  }
  return wrong;
}

// ---- the run ----

const rows = operations(openapi);
report.none("Z-1: every route is in the matrix", rows.filter((row) => !matrix.operations[row.id]).map((row) => row.id));
report.none("Z-1: nothing else is in it", Object.keys(matrix.operations).filter((id) => !rows.some((row) => row.id === id)));

const world = await World.open();
for (const name of NAMES) {
  const rights = [...world[name].me.permissions].sort().join();
  report.check(`Z-1: the rights of ${name} are those of the matrix`, rights === [...matrix.permissions[name]].sort().join(), rights);
}
const things = await makeThings(world);
const results = [];
await report.test("Z-1: lists hold what a subject sees", async () => {
  const wrong = await listFindings(world, things);
  expect(wrong.length === 0, wrong.slice(0, 10).join("; "));
});
await report.test("Z-1: every cell is asked", async () => {
  const order = rows.sort((a, b) => (a.method === "GET" ? 0 : 1) - (b.method === "GET" ? 0 : 1));
  for (const row of order) await runOperation(world, things, row, results);
  return `${results.length} cells, ${results.filter((r) => r.status >= 400).length} refused`;
});
report.none("Z-1: every cell is as the matrix says, and refusals change nothing", differences(matrix, results));

await report.test("Z-1: a method that a path does not have is refused for everyone", async () => {
  let asked = 0;
  for (const template of Object.keys(openapi.paths)) {
    const target = template.replace(/\{[^}]+\}/g, NOBODYS_ID);
    for (const method of METHODS.filter((name) => !openapi.paths[template][name.toLowerCase()])) {
      for (const subject of ["anonymous", "staff", "admin"]) {
        const answer = await world[subject].request(method, target);
        expect(answer.status === 405 && answer.headers.allow, answer);
        asked++;
      }
    }
  }
  return `${asked} requests`;
});

await report.test("Z-2: what belongs to others is like what does not exist", async () => {
  for (const [kind, client, object] of [["system", "staff2", "own new"], ["dossier", "staff2", "own appraised"], ["dossier", "appraiser", "own draft"], ["label", "staff2", "own granted"]]) {
    const foreign = await world[client].get(`/api/v1/${kind}s/${things[kind][object].id}`);
    const nothing = await world[client].get(`/api/v1/${kind}s/${NOBODYS_ID}`);
    const bare = (answer) => JSON.stringify({ ...answer.json, trace_id: 0 });
    expect(bare(foreign) === bare(nothing) && foreign.status === nothing.status, foreign);
  }
});

// ---- controls ----

await report.test("control: every right that is flipped in the matrix is noticed", async () => {
  const every = [...new Set(Object.values(matrix.permissions).flat())].filter((right) => rows.some((row) => row.right === right));
  let flipped = 0;
  // Who has the right and may use it nowhere is refused with 403 as well: seen in /me alone.
  const silent = (right) => rows.filter((row) => row.right === right).every((row) => matrix.operations[row.id].else === 403);
  for (const subject of NAMES) {
    for (const right of every) {
      const rules = structuredClone(matrix);
      const mine = rules.permissions[subject];
      rules.permissions[subject] = mine.includes(right) ? mine.filter((name) => name !== right) : [...mine, right];
      if (!mine.includes(right) && silent(right)) continue;
      expect(differences(rules, results).length > 0, `${right} of ${subject}`);
      flipped++;
    }
  }
  return `${flipped} flips`;
});
await report.test("control: a step given to another is noticed", async () => {
  for (const kind of ["dossier", "label"]) {
    for (const [at, row] of matrix.steps[kind].entries()) {
      if (row[2].length === 0) continue;
      const rules = structuredClone(matrix);
      rules.steps[kind][at][2] = ["office"];
      expect(differences(rules, results).length > 0, `${kind} ${row[0]} -> ${row[1]}`);
    }
  }
});

// Z-4 in part: without row-level security, what do the application's own conditions still hold?
const GUARDED = ["system", "system_version", "dossier", "dossier_system", "dossier_item", "dossier_event", "dossier_submission", "opinion", "decision", "label", "label_event"];
psql(GUARDED.map((table) => `ALTER TABLE capdo.${table} DISABLE ROW LEVEL SECURITY;`).join("\n"));
await report.test("Z-4: without row-level security lists still hold only what a subject sees", async () => {
  const wrong = await listFindings(world, things);
  expect(wrong.length === 0, wrong.slice(0, 10).join("; "));
});
const open = [];
for (const row of rows.filter((r) => r.method === "GET" && ["system", "dossier", "label"].includes(matrix.operations[r.id].object))) {
  for (const cell of cellsOf(row)) {
    if (cell.object === "unknown") continue;
    const { status } = await ask(world, things, cell, {});
    if (status !== expected(matrix, cell)) open.push(`${nameOf(cell)}: ${status}`);
  }
}
report.none("Z-4: without row-level security single things are seen by nobody else", open);
psql(GUARDED.map((table) => `ALTER TABLE capdo.${table} ENABLE ROW LEVEL SECURITY;`).join("\n"));
await report.test("row-level security is on again and holds", async () => {
  const answer = await world.staff2.get(`/api/v1/systems/${things.system["own new"].id}`);
  expect(answer.status === 404, answer);
});

world.close();
process.exit(report.end());
