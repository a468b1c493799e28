// Z-7: rights on members. Writing: the name of every column of every table, sent as an extra member of
// every body, is refused with 422 and changes nothing. Reading: what anyone is given holds no member
// that the contract does not name, and of a kept version exactly the columns that are listed here.
//
//   node fields.mjs      under tests/support/server.sh run

import { newKey, pool } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { psql } from "../contract/lib/world.mjs";
import { reads } from "./reads.mjs";
import { SUBJECTS, body, cellsOf, changedSince, current, digest, expected, makeThings, matrix, openWorld, openapi, operations, path } from "./rights.mjs";

const report = new Report();
const world = await openWorld();
const things = await makeThings(world);

const resolve = (schema) => (schema?.$ref ? resolve(schema.$ref.split("/").slice(1).reduce((at, key) => at[key], openapi)) : schema);

// ---- writing ----

const columns = psql(
  "SELECT DISTINCT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'capdo'::regnamespace AND c.relkind = 'r' AND attnum > 0 AND NOT attisdropped ORDER BY 1",
).split("\n");
const VALUES = ["1", 1, true, null, "01900000-0000-7000-8000-000000000000"];

// Places in a body where members may stand: the body itself and the first of each list of objects.
function places(schema, value, at = []) {
  const now = resolve(schema);
  const own = now?.properties && value && typeof value === "object" && !Array.isArray(value) ? [{ at, known: Object.keys(now.properties) }] : [];
  const below = Object.entries(now?.properties ?? {}).flatMap(([name, property]) => {
    const inner = resolve(property);
    return inner?.type === "array" && resolve(inner.items)?.properties && value?.[name]?.length > 0 ? places(inner.items, value[name][0], [...at, name, 0]) : [];
  });
  return [...own, ...below];
}

const jobs = [];
for (const row of operations()) {
  const described = openapi.paths[row.template][row.method.toLowerCase()].requestBody?.content["application/json"]?.schema;
  if (!described) continue;
  const cell = cellsOf(row).find((one) => expected(matrix, one) < 400) ?? cellsOf(row).find((one) => expected(matrix, one) === matrix.operations[row.id].status);
  const sample = cell && (await body(world, things, cell));
  const found = sample ? places(described, sample) : [];
  report.check(`Z-7: ${row.id} has a request that may be made`, found.length > 0);
  for (const { at, known } of found) {
    for (const [index, name] of columns.entries()) {
      if (!known.includes(name)) jobs.push({ row, cell, sample, at, name, value: VALUES[index % VALUES.length] });
    }
  }
}

const wrong = [];
const before = await digest();
const etags = {};
await report.test("Z-7: the name of every column is refused as an extra member everywhere", async () => {
  for (const { row, cell } of jobs) if (row.ifMatch) etags[path(things, cell)] ??= await current(world, things, cell);
  await pool(jobs, 6, async ({ row, cell, sample, at, name, value }) => {
    const sent = structuredClone(sample);
    at.reduce((place, key) => place[key], sent)[name] = value;
    const target = path(things, cell);
    const answer = await world[cell.subject].request(row.method, target, { body: sent, headers: { "Idempotency-Key": newKey(), ...(row.ifMatch ? { "If-Match": etags[target] } : {}) } });
    const pointer = `/${[...at, name].join("/")}`;
    const named = answer.status === 422 && answer.json.errors?.some((error) => error.pointer === pointer && error.code === "unknown_member");
    if (!named) wrong.push(`${row.id} ${pointer}: ${answer.status}`);
  });
  return `${columns.length} columns, ${jobs.length} requests`;
});
report.none("Z-7: each is answered 422 and says which member", wrong);
report.none("Z-7: nothing was changed by them", await changedSince(before));
await report.test("control: a member that is known is not refused as unknown", async () => {
  const sent = world.systemBody({ purpose: "Mục đích" });
  const answer = await world.staff.post("/api/v1/systems", sent);
  expect(answer.status === 201, answer);
});

// ---- reading ----

// What each role is given of a kept version: the row as it stood, without what only sorting needs.
const VERSION = psql("SELECT attname FROM pg_attribute WHERE attrelid = 'capdo.system'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'search'").split("\n");
// Never shown, whatever the contract might come to say.
const SECRET = /hash$|(?<!snapshot_)sha256$|^failures$|retry_at|_folded$|secret|sealed|^search$/;

function extra(schema, value, at, found) {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    const items = resolve(schema)?.items;
    for (const one of value) extra(items, one, `${at}[]`, found);
    return;
  }
  const now = resolve(schema);
  const choices = [now, ...(now?.oneOf ?? []), ...(now?.anyOf ?? []), ...(now?.allOf ?? [])].map(resolve);
  const properties = Object.assign({}, ...choices.map((choice) => choice?.properties ?? {}));
  const free = Object.keys(properties).length === 0 && !choices.some((choice) => choice?.additionalProperties === false);
  for (const [name, inner] of Object.entries(value)) {
    if (SECRET.test(name)) found.push(`${at}/${name} is secret`);
    if (at.endsWith("/items[]/data") && !VERSION.includes(name)) found.push(`${at}/${name} is not a column of a system`);
    const more = choices.map((choice) => choice?.additionalProperties).find((one) => typeof one === "object");
    if (!free && !more && !(name in properties)) found.push(`${at}/${name} is not in the contract`);
    extra(properties[name] ?? more, inner, `${at}/${name}`, found);
  }
}

// One plain read of each operation and thing is enough: filters change rows, not members.
// A ruleset is a published file and shown as it is.
const asked = reads(things).filter(({ row }) => row.id !== "ruleset_get").map(({ row, targets }) => ({ row, targets: targets.filter((target) => !target.includes("?")) }));
const shown = [];
let answers = 0;
await report.test("Z-7: everyone is given only members that the contract names", async () => {
  const all = SUBJECTS.flatMap((subject) => asked.flatMap(({ row, targets }) => targets.map((target) => ({ subject, row, target }))));
  await pool(all, 6, async ({ subject, row, target }) => {
    const answer = await world[subject].get(target);
    if (answer.status !== 200 || !answer.headers["content-type"].startsWith("application/json")) return;
    answers++;
    const schema = openapi.paths[row.template].get.responses["200"].content["application/json"].schema;
    const found = [];
    extra(schema, answer.json, "", found);
    shown.push(...found.map((words) => `${row.id} by ${subject}: ${words}`));
  });
  return `${answers} answers`;
});
report.none("Z-7: no other member is shown", shown);
await report.test("control: a column that slipped into an answer is noticed", async () => {
  const found = [];
  const system = (await world.staff.get(`/api/v1/systems/${things.system["own new"].id}`)).json;
  extra(openapi.paths["/api/v1/systems/{id}"].get.responses["200"].content["application/json"].schema, { ...system, decision_id: null, password_hash: "x" }, "", found);
  expect(found.length === 3, found.join("; "));
});

world.close();
process.exit(report.end());
