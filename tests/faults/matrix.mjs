// Z-1: the authorisation matrix, generated from the program's own table of routes: role x route x
// own, sibling and foreign x state of the object. Every cell is asked; what must come is computed from
// matrix.json; refused requests must leave the database as it was, granted ones the things of others.
//
//   node matrix.mjs      under tests/support/server.sh run

import { Report, expect } from "../contract/lib/report.mjs";
import { NAMES, NOBODYS_ID } from "../contract/lib/world.mjs";
import { PROGRAMS, SUBJECTS, cellsOf, differences, inOrder, listFindings, makeThings, matrix, openWorld, openapi, operations, program, runOperation } from "./rights.mjs";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
const report = new Report();

const rows = operations();
report.none("Z-1: every route is in the matrix", rows.filter((row) => !matrix.operations[row.id]).map((row) => row.id));
report.none("Z-1: nothing else is in it", Object.keys(matrix.operations).filter((id) => !rows.some((row) => row.id === id)));

const contract = Object.values(openapi.paths).flatMap((methods) => Object.values(methods));
report.none("Z-1: the contract names the same operations and rights", [
  ...contract.filter((row) => !rows.some((known) => known.id === row.operationId && known.right === row["x-permission"])).map((row) => row.operationId),
  ...rows.filter((row) => !contract.some((known) => known.operationId === row.id)).map((row) => row.id),
]);

const world = await openWorld();
for (const name of SUBJECTS.filter((subject) => subject !== "anonymous" && !PROGRAMS.includes(subject))) {
  const base = name.replace("party_", "");
  const rights = [...world[name].me.permissions].sort().join();
  const role = [...program.roles[base.replace(/\d$/, "")]].sort().join();
  report.check(`Z-1: the rights of ${name} are those of the matrix and of the program's table`, rights === [...matrix.permissions[base]].sort().join() && rights === role, rights);
}
const things = await makeThings(world);
const results = [];
await report.test("Z-1: lists hold what a subject sees", async () => {
  const wrong = await listFindings(world, things);
  expect(wrong.length === 0, wrong.slice(0, 10).join("; "));
});
await report.test("Z-1: every cell is asked", async () => {
  const cells = rows.flatMap(cellsOf);
  for (const row of inOrder(rows)) await runOperation(world, things, row, results);
  const asked = results.filter(({ cell }) => cell).length;
  expect(asked === cells.length, `${asked} of ${cells.length}`);
  return `${asked} cells, none skipped, ${results.filter((r) => r.status >= 400).length} refused`;
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
  for (const subject of [...NAMES, ...PROGRAMS]) {
    for (const right of every) {
      // A program does nothing that writes, with the right or without.
      if (PROGRAMS.includes(subject) && !rows.some((row) => row.right === right && row.method === "GET")) continue;
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

world.close();
process.exit(report.end());
