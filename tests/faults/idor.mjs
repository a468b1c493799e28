// Z-2: every identifier that others are given is tried by someone who does not see it: in every path,
// in every filter and in every body. What comes must be what comes for an identifier that nobody has.
//
//   node idor.mjs      under tests/support/server.sh run

import { randomUUID } from "node:crypto";
import { newKey, pool } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { psql } from "../contract/lib/world.mjs";
import { bare, reads } from "./reads.mjs";
import { body, cellsOf, changedSince, digest, expected, makeThings, matrix, openWorld, openapi, operations } from "./rights.mjs";

const report = new Report();
const world = await openWorld();
const things = await makeThings(world);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const resolve = (schema) => (schema?.$ref ? resolve(schema.$ref.split("/").slice(1).reduce((at, key) => at[key], openapi)) : schema);
const ME = "staff";

// ---- what others are given and I am not ----

const asked = reads(things);
async function harvest(subject) {
  const found = new Set();
  const targets = asked.flatMap(({ targets: all }) => all.filter((target) => !target.includes("?")));
  await pool([...targets, "/api/v1/systems?limit=200", "/api/v1/dossiers?limit=200", "/api/v1/labels?limit=200"], 6, async (target) => {
    const answer = await world[subject].get(target);
    if (answer.status === 200) for (const id of answer.text.match(UUID) ?? []) found.add(id);
  });
  return found;
}
const mine = await harvest(ME);
// Organisations and their history are a directory that everyone reads.
for (const id of psql("SELECT id FROM capdo.organisation UNION ALL SELECT id FROM capdo.organisation_event").split("\n")) mine.add(id);
const theirs = new Set();
for (const subject of ["staff2", "party_staff", "party_appraiser", "party_director", "party_chairman"]) {
  for (const id of await harvest(subject)) if (!mine.has(id)) theirs.add(id);
}
// One system, dossier and label of each other unit in each state, and everything else that was met.
const kinds = Object.fromEntries(["system", "dossier", "label"].map((kind) => [kind, new Set(psql(`SELECT id FROM capdo.${kind}`).split("\n"))]));
const perKind = { system: 40, dossier: 40, label: 20, other: 60 };
const taken = { system: 0, dossier: 0, label: 0, other: 0 };
const foreign = [...theirs].filter((id) => {
  const kind = Object.keys(kinds).find((name) => kinds[name].has(id)) ?? "other";
  return taken[kind]++ < perKind[kind];
});
report.check("Z-2: others have identifiers of every kind that I do not see", foreign.length > 60 && Object.values(taken).every((count) => count > 0), JSON.stringify(taken));

// ---- paths and filters ----

const wrong = [];
const times = { foreign: [], nobody: [] };
const words = (answer, id) => bare(answer).replaceAll(id, "ID").replace(/"(request_id|instance)": ?"[^"]*"/g, "0");

async function compare(place, send, id) {
  const nobody = randomUUID();
  const [theirAnswer, noAnswer] = [await send(id), await send(nobody)];
  times.foreign.push(theirAnswer.ms);
  times.nobody.push(noAnswer.ms);
  if (theirAnswer.status < 400 && /^(path|body)/.test(place)) wrong.push(`${place} ${id}: ${theirAnswer.status}`);
  if (words(theirAnswer, id) !== words(noAnswer, nobody)) wrong.push(`${place} ${id}: ${words(theirAnswer, id).slice(0, 160)} instead of ${words(noAnswer, nobody).slice(0, 160)}`);
}

const rows = operations();
const held = world[ME].me.permissions;
const usable = rows.filter((row) => held.includes(row.right) || ["signed_in", "signing_in"].includes(row.right));
const jobs = [];
for (const row of usable.filter((one) => one.template.includes("{id}") && !one.id.startsWith("ruleset"))) {
  const cell = cellsOf(row).find((one) => one.subject === ME && expected(matrix, one) < 400);
  const sample = cell ? await body(world, things, cell) : undefined;
  const template = row.template.replace("{number}", "1").replace("{item}", "x");
  for (const id of foreign) {
    jobs.push(() => compare(`path of ${row.id}`, (value) => world[ME].request(row.method, template.replace("{id}", value), { body: sample, headers: { "Idempotency-Key": newKey(), ...(row.ifMatch ? { "If-Match": '"1"' } : {}) } }), id));
  }
}
const described = (row) => openapi.paths[row.template][row.method.toLowerCase()];
for (const row of usable.filter((one) => one.method === "GET")) {
  for (const parameter of described(row).parameters ?? []) {
    if (parameter.in !== "query" || !/_id$/.test(parameter.name) || parameter.name === "parent_id") continue;
    for (const id of foreign) jobs.push(() => compare(`filter ${parameter.name} of ${row.id}`, (value) => world[ME].get(`${row.template}?${parameter.name}=${value}`), id));
  }
}

// ---- bodies ----

// Where a body takes an identifier: paths of members, through the first element of lists.
function places(schema, at = []) {
  const now = resolve(schema);
  if (now?.type === "array") return places(now.items, [...at, 0]);
  if (now?.format === "uuid") return [at];
  return Object.entries(now?.properties ?? {}).flatMap(([name, property]) => places(property, [...at, name]));
}
// Members that an element needs beside the identifier.
const BESIDE = { relations: { kind: "uses" }, systems: { proposed_level: 2, reason: "Phục vụ toàn tỉnh" }, units: { duty: "" } };
for (const row of usable) {
  const schema = described(row).requestBody?.content["application/json"]?.schema;
  const cell = schema && cellsOf(row).find((one) => one.subject === ME && expected(matrix, one) < 400);
  if (!cell) continue;
  const sample = await body(world, things, cell);
  for (const at of places(schema)) {
    // Organisations are a directory that everyone reads.
    if (/organisation|operator|governing|parent|successor/.test(at.join())) continue;
    for (const id of foreign) {
      jobs.push(() =>
        compare(
          `body ${row.id} /${at.join("/")}`,
          async (value) => {
            const sent = structuredClone(sample);
            const list = at.find((key) => BESIDE[key]);
            if (list) sent[list] = [{ ...BESIDE[list], [at.at(-1)]: value }];
            else sent[at.at(-1)] = value;
            const target = row.template.replace("{id}", things[matrix.operations[row.id].object]?.[cell.object]?.id ?? "");
            const version = row.ifMatch ? psql(`SELECT version FROM capdo.${matrix.operations[row.id].object} WHERE id = '${target.split("/")[4]}'`) : "";
            return world[ME].request(row.method, target, { body: sent, headers: { "Idempotency-Key": newKey(), ...(row.ifMatch ? { "If-Match": `"${version}"` } : {}) } });
          },
          id,
        ),
      );
    }
  }
}

const before = await digest();
await report.test("Z-2: every identifier of others in every path, filter and body", async () => {
  await pool(jobs, 4, (job) => job());
  return `${foreign.length} identifiers, ${jobs.length} places, ${2 * jobs.length} requests`;
});
report.none("Z-2: each is answered as one that nobody has", wrong);
report.none("Z-2: nothing was changed", await changedSince(before));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const [slow, fast] = [median(times.foreign), median(times.nobody)];
report.check(`Z-2: both take about the same time (medians ${slow.toFixed(2)} and ${fast.toFixed(2)} ms)`, slow < 2 * fast + 1 && fast < 2 * slow + 1);
await report.test("control: an identifier of my own is answered differently", async () => {
  const found = wrong.length;
  await compare("path of system_get", (value) => world[ME].get(`/api/v1/systems/${value}`), things.system["own new"].id);
  expect(wrong.length > found, "nothing was noticed");
});

world.close();
process.exit(report.end());
