// Z-9: sqlmap (level 2, risk 1) on every parameter of the contract: of the query, the path, the body and
// the headers. It must find the hole of the route that only a build with test hooks has, and no other.
//
//   node injection.mjs [--seconds N] [--only WORD]
//       under tests/support/server.sh run, with the hooked program. Without --seconds everything is tried.
//       With it, the control is tried and then, until the time is over, requests in an order that changes
//       from day to day; what was tried is printed.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { newKey, pool } from "../contract/lib/http.mjs";
import { Report } from "../contract/lib/report.mjs";
import { body, cellsOf, current, expected, makeThings, matrix, openWorld, openapi, operations, path } from "./rights.mjs";

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const SECONDS = Number(argument("--seconds", 0));
const ONLY = argument("--only", "");
const ONE_S = 900; // a single request of sqlmap's may not take longer
const report = new Report();
const work = mkdtempSync(join(tmpdir(), "capdo-sqlmap."));
const world = await openWorld();
const things = await makeThings(world);

// ---- what is tried ----

// A value that is accepted, so that the parameter reaches the statement.
function valueOf(parameter) {
  const schema = parameter.schema.items ?? parameter.schema;
  if (schema.enum) return schema.enum[0];
  if (schema.format === "uuid" || /_id$/.test(parameter.name)) return things.place.own;
  if (schema.format === "date") return "2026-01-01";
  if (schema.format === "date-time") return "2026-01-01T00:00:00Z";
  if (schema.type === "boolean") return "true";
  if (schema.type === "integer") return "5";
  return { level: "2", ruleset: "vn-331-2026", q: "he", cursor: "eyJ2IjoxfQ" }[parameter.name] ?? "x";
}

const targets = [];
const add = (row, subject, name, url, more = {}) => targets.push({ row, subject, name, url, count: 1, ...more });
for (const row of operations()) {
  const described = openapi.paths[row.template]?.[row.method.toLowerCase()];
  if (!described || row.id === "session_delete") continue;
  const cell = cellsOf(row).find((one) => one.subject !== "anonymous" && expected(matrix, one) < 400) ?? cellsOf(row).find((one) => expected(matrix, one) === matrix.operations[row.id].status);
  if (!cell) continue;
  const target = path(things, cell);
  const version = row.ifMatch ? await current(world, things, cell) : null;
  const keep = { method: row.method, version };
  for (const parameter of (described.parameters ?? []).filter((one) => one.in === "query")) {
    add(row, cell.subject, `${row.id}?${parameter.name}`, `${target}?${parameter.name}=${encodeURIComponent(valueOf(parameter))}`, { ...keep, parameter: parameter.name });
  }
  if (row.template.includes("{")) {
    const parts = target.split("/");
    row.template.split("/").forEach((part, index) => {
      if (part.startsWith("{")) add(row, cell.subject, `${row.id} ${part}`, parts.map((value, i) => (i === index ? `${value}*` : value)).join("/"), keep);
    });
  }
  const sample = await body(world, things, cell);
  if (sample && row.method !== "GET") add(row, cell.subject, `${row.id} body`, target, { ...keep, data: sample, count: JSON.stringify(sample).split(":").length - 1 });
}
for (const header of ["If-Match", "Idempotency-Key", "Cookie", "User-Agent", "Accept-Language"]) {
  const row = operations().find((one) => one.id === "system_change");
  add(row, "staff", `header ${header}`, `/api/v1/systems/${things.system["own new"].id}`, { method: "PATCH", version: '"1"', data: { scope: "x" }, header });
}
const control = { name: "control", subject: "staff", url: "/api/v1/vulnerable?code=H05", method: "GET", parameter: "code" };

// ---- between sqlmap and the server: who asks, a new key each time, and patience ----

const proxy = http.createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const target = byPort.get(request.headers["x-target"]);
  const headers = { "Content-Type": "application/json" };
  if (target.header && request.headers["x-tried"]) headers[target.header] = request.headers["x-tried"];
  if (target.method !== "GET") headers["Idempotency-Key"] ??= newKey();
  if (target.version) headers["If-Match"] ??= target.version;
  const client = world[target.subject];
  const sent = parts.length > 0 ? Buffer.concat(parts) : undefined;
  for (let attempt = 0; ; attempt++) {
    const answer = await client.once(request.method, request.url.replace(/[^\x21-\x7e]/g, encodeURIComponent), { body: request.method === "GET" ? undefined : sent, headers }).catch(() => null);
    if (answer !== null && (answer.status !== 503 || attempt > 5)) {
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status === 500 && target !== control) broken.push(`${target.name}: ${request.url} ${sent ?? ""}`);
      response.writeHead(answer.status, { "Content-Type": answer.headers["content-type"] ?? "text/plain" });
      // What differs between two equal requests would look like an effect.
      response.end(answer.text.replace(/"(trace_id|data_version|as_of)": ?"[^"]*"/g, '"$1":0'));
      return;
    }
    if (attempt > 5) {
      response.writeHead(502).end();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
  }
});
const statuses = {};
const broken = [];
const byPort = new Map();
await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${proxy.address().port}`;

function attack(target) {
  byPort.set(target.name, target);
  const options = ["--batch", "--flush-session", "--disable-coloring", "--level=2", "--risk=1", "--dbms=PostgreSQL", "--skip-waf", "--time-sec=2", "--timeout=30", "--retries=1", "--ignore-code=400,401,403,404,405,409,412,413,415,422,428,429", `--output-dir=${join(work, Buffer.from(target.name).toString("hex"))}`, "-u", base + target.url, `--method=${target.method}`, "-H", `x-target: ${target.name}`];
  if (target.parameter) options.push("-p", target.parameter);
  if (target.data) options.push(`--data=${JSON.stringify(target.data)}`);
  if (target.header) options.push("-H", `x-tried: ${target.version}*`);
  return new Promise((resolve) => {
    const child = spawn("sqlmap", options, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HOME: work }, timeout: ONE_S * 1000 });
    let output = "";
    child.stdout.on("data", (words) => (output += words));
    child.stderr.on("data", (words) => (output += words));
    child.on("close", () => {
      byPort.delete(target.name);
      const tried = /do not appear to be injectable|identified the following injection point/.test(output);
      resolve({ target, tried, found: /identified the following injection point/.test(output), output });
    });
  });
}

// ---- the run ----

const begun = performance.now();
const hole = await attack(control);
report.check(`control: the hole is found (${((performance.now() - begun) / 1000).toFixed(1)} s)`, hole.found, hole.output.slice(-800));

const day = Math.floor(Date.now() / 86400e3);
const wanted = targets.filter((target) => target.name.includes(ONLY));
const step = Math.floor(wanted.length * 0.618) | 1;
const order = SECONDS ? wanted.map((_, index) => wanted[(index * step + day * 7) % wanted.length]) : wanted;
const unique = [...new Set(order), ...wanted.filter((target) => !order.includes(target))];
const results = [];
await pool(unique, availableParallelism(), async (target) => {
  if (SECONDS && performance.now() - begun > SECONDS * 1000) return;
  const began = performance.now();
  const result = await attack(target);
  results.push(result);
  if (!SECONDS || result.found || !result.tried) report.say(`${result.found ? "FOUND  " : result.tried ? "tried  " : "UNTRIED"} ${target.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
});
report.say(`${results.length} of ${wanted.length} requests tried, ${results.reduce((sum, { target }) => sum + target.count, 0)} of ${wanted.reduce((sum, target) => sum + target.count, 0)} parameters, in ${((performance.now() - begun) / 1000).toFixed(0)} s; answers ${JSON.stringify(statuses)}`);
if (SECONDS) report.say(`tried: ${results.map(({ target }) => target.name).join(", ")}`);
report.none("Z-9: sqlmap finds no other hole", results.filter(({ found }) => found).map(({ target, output }) => `${target.name}: ${output.match(/Parameter: [^]*?\n---/)?.[0]}`));
report.none("Z-9: nothing that was tried made the server fail", broken);
report.none("Z-9: each was really tried", results.filter(({ tried }) => !tried).map(({ target, output }) => `${target.name}: ${output.slice(-300)}`));

proxy.close();
world.close();
rmSync(work, { recursive: true, force: true });
process.exit(report.end());
