// H-2: hostile JSON. Every body is refused with a 4xx that points to what is wrong, in bounded time,
// and the server goes on. The wrong types are made from the schemas of the contract.
//
//   node json.mjs      under tests/support/server.sh run

import { readFileSync } from "node:fs";
import { Passkey } from "../contract/lib/authenticator.mjs";
import { newKey } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { NOBODYS_ID, RULESET, World, today } from "../contract/lib/world.mjs";

const openapi = JSON.parse(readFileSync(`${process.env.CAPDO_ROOT}/schema/openapi.json`, "utf8"));
const report = new Report();
const MIB = 1 << 20;
const AIM_MS = 100;
const LIMIT_MS = 3000; // the machine of CI does other things too

const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
const nested = (open, close, depth) => open.repeat(depth) + close.repeat(depth);
const fill = (unit, total, open, close) => open + unit.repeat(Math.floor((total - open.length - close.length - 1) / unit.length)).replace(/,$/, "") + close;
const facts = (text) => `{"ruleset":"${RULESET}","facts":${text}}`;

// name, body, statuses that may come (default: 400 or 422)
const CASES = [
  ["nothing", ""],
  ["a space", " "],
  ["a NUL", bytes([0])],
  ["NUL after the value", bytes(facts("{}"), [0])],
  ["NUL between tokens", bytes('{"ruleset"', [0], `:"${RULESET}","facts":{}}`)],
  ["NUL and more after an object", bytes('{"ruleset":"a"}', [0], ',"facts":{}}')],
  ["NUL in a string", bytes('{"ruleset":"a', [0], 'b","facts":{}}')],
  ["an escaped NUL in a string", '{"ruleset":"a\\u0000b","facts":{}}'],
  ["an escaped NUL in a name", '{"ruleset":"a","facts":{"a\\u0000":1}}'],
  ["a byte order mark", bytes([0xef, 0xbb, 0xbf], facts("{}"))],
  ["UTF-16 with its mark", bytes([0xff, 0xfe], Buffer.from(facts("{}"), "utf16le"))],
  ["UTF-16", Buffer.from(facts("{}"), "utf16le")],
  ["a name twice", `{"ruleset":"${RULESET}","ruleset":"${RULESET}","facts":{}}`],
  ["a name twice, once escaped", `{"ruleset":"${RULESET}","rule\\u0073et":"${RULESET}","facts":{}}`],
  ["a fact twice", facts('{"online_service":true,"online_service":false}')],
  ["depth 17", facts(nested("[", "]", 16))],
  ["depth 17 of objects", facts('{"a":'.repeat(16) + "1" + "}".repeat(16))],
  ["depth 2048", facts(nested("[", "]", 2048))],
  ["depth 2049", nested("[", "]", 2049)],
  ["depth 100000", nested("[", "]", 100000)],
  ["depth 100000 of objects", '{"a":'.repeat(100000) + "1" + "}".repeat(100000)],
  ["1 MiB of [", "[".repeat(MIB - 1)],
  ["1 MiB of {", "{".repeat(MIB - 1)],
  ['1 MiB of {"":', '{"":'.repeat((MIB >> 2) - 1)],
  ["1 MiB of empty arrays", fill("[],", MIB, "[", "]")],
  ["1 MiB of empty objects", fill("{},", MIB, "[", "]")],
  ["1 MiB of numbers", fill("0,", MIB, "[", "]")],
  ["1 MiB of names", facts(`{${Array.from({ length: 60000 }, (_, i) => `"k${i}":1`).join(",")}}`)],
  ["one name many times", facts(`{${Array.from({ length: 60000 }, () => '"k":1').join(",")}}`)],
  ["a string of 1 MiB", facts(`{"a":"${"a".repeat(MIB - 200)}"}`)],
  ["a name of 1 MiB", facts(`{"${"a".repeat(MIB - 200)}":1}`)],
  ["1 MiB of spaces", " ".repeat(MIB - 1)],
  ["1 MiB of quotes", '"'.repeat(MIB - 1)],
  ["1 MiB of backslashes", '"' + "\\".repeat(MIB - 4) + '"'],
  ["1 MiB of zero bytes", Buffer.alloc(MIB - 1)],
  ["1 MiB of 0xff", Buffer.alloc(MIB - 1, 0xff)],
  ["more than 1 MiB", " ".repeat(MIB + 1), [413]],
  ["a million digits", facts(`{"data_subjects_basic":${"9".repeat(1000000)}}`)],
  ["a million digits after the point", facts(`{"data_subjects_basic":0.${"9".repeat(1000000)}}`)],
  ["1e400", facts('{"data_subjects_basic":1e400}')],
  ["1e-400", facts('{"data_subjects_basic":1e-400}')],
  ["an exponent of a thousand digits", facts(`{"data_subjects_basic":1e${"9".repeat(1000)}}`)],
  ["2 to the 63", facts('{"data_subjects_basic":9223372036854775808}')],
  ["minus 2 to the 63, and one", facts('{"data_subjects_basic":-9223372036854775809}')],
  ["-0.0", facts('{"data_subjects_basic":-0.0}')],
  ["01", facts('{"data_subjects_basic":01}')],
  ["+1", facts('{"data_subjects_basic":+1}')],
  ["0x10", facts('{"data_subjects_basic":0x10}')],
  ["NaN", facts('{"data_subjects_basic":NaN}')],
  ["Infinity", facts('{"data_subjects_basic":-Infinity}')],
  ["a lone high surrogate", '{"ruleset":"\\ud800","facts":{}}'],
  ["a lone low surrogate", '{"ruleset":"\\udc00","facts":{}}'],
  ["surrogates the wrong way round", '{"ruleset":"\\udc00\\ud800","facts":{}}'],
  ["half an escape", '{"ruleset":"\\u12","facts":{}}'],
  ["an escape that is none", '{"ruleset":"\\x41","facts":{}}'],
  ["an overlong slash", bytes('{"ruleset":"', [0xc0, 0xaf], '","facts":{}}')],
  ["an encoded surrogate", bytes('{"ruleset":"', [0xed, 0xa0, 0x80], '","facts":{}}')],
  ["beyond U+10FFFF", bytes('{"ruleset":"', [0xf4, 0x90, 0x80, 0x80], '","facts":{}}')],
  ["a cut sequence", bytes('{"ruleset":"', [0xe1, 0xbb], '","facts":{}}')],
  ["a lone continuation byte", bytes('{"ruleset":"', [0x80], '","facts":{}}')],
  ["Latin-1", bytes('{"ruleset":"', [0xe9], '","facts":{}}')],
  ["a line feed in a string", '{"ruleset":"a\nb","facts":{}}'],
  ["single quotes", "{'ruleset':'a','facts':{}}"],
  ["a comment", '{"ruleset":"a",/* */"facts":{}}'],
  ["a comma at the end", facts("{},")],
  ["a comma at the end of an array", facts('{"info_types":["public",]}')],
  ["no comma", '{"ruleset":"a" "facts":{}}'],
  ["two values", `${facts("{}")}${facts("{}")}`],
  ["something after the value", `${facts("{}")} x`],
  ["an unfinished object", '{"ruleset":"a"'],
  ["an unfinished string", '{"ruleset":"a'],
  ["True", "True"],
  ["null", "null"],
  ["a number", "7"],
  ["a string", '"a"'],
  ["an array", "[]"],
  ["__proto__", facts('{"__proto__":{"a":1}}')],
  ["constructor", '{"ruleset":"a","facts":{},"constructor":{"prototype":{}}}'],
  ["a form", "ruleset=a&facts=b"],
  ["XML", '<?xml version="1.0"?><a/>'],
  ["a format string", facts('{"%s%n%s":1}')],
  ["SQL in a fact", facts("{\"'; DROP TABLE capdo.system; --\":1}")],
];

const slow = [];

async function send(world, name, who, method, path, body, headers = {}) {
  const answer = await who.request(method, path, { body, headers });
  if (answer.ms > AIM_MS) slow.push(`${name} ${answer.ms.toFixed(0)} ms`);
  return answer;
}

// What is wrong with a refusal, or undefined.
function fault(name, answer, allowed = [400, 422]) {
  if (!allowed.includes(answer.status)) return `${name}: ${answer}`;
  if (answer.code === undefined) return `${name}: not a problem: ${answer}`;
  if (answer.ms > LIMIT_MS) return `${name}: ${answer.ms.toFixed(0)} ms`;
  if (answer.status !== 422) return undefined;
  const { errors } = answer.json;
  if (!Array.isArray(errors) || errors.length === 0) return `${name}: nothing is pointed to: ${answer}`;
  return errors.every((error) => error.pointer === "" || error.pointer.startsWith("/")) ? undefined : `${name}: ${answer}`;
}

async function alive(world) {
  const answer = await world.staff.get("/api/v1/me");
  expect(answer.status === 200, answer);
}

// ---- bodies made from the schemas ----

const deref = (schema) => (schema?.$ref ? openapi.components.schemas[schema.$ref.split("/").pop()] : schema);
const WRONG = { string: [7, true, [], {}], integer: ["7", true, 1.5, [], {}, 1e300], boolean: ["true", 1], array: [7, "[]", {}], object: [7, "{}", []] };

// [pointer, value] pairs that the schema forbids.
function* wrongValues(schema, pointer) {
  const at = deref(schema);
  const types = [at.type].flat();
  const own = types.find((type) => type !== "null");
  for (const value of WRONG[own] ?? []) {
    if (!types.includes(Array.isArray(value) ? "array" : typeof value === "object" ? "object" : typeof value)) yield [pointer, value];
  }
  if (!types.includes("null") && own !== "object") yield [pointer, null];
  if (at.enum) yield [pointer, "unheard-of"];
  if (at.format === "uuid") yield* ["", "1", `${NOBODYS_ID}0`, "{01900000-0000-7000-8000-000000000000}"].map((value) => [pointer, value]);
  if (at.format === "date") yield* ["", "2026-02-30", "2026-13-01", "26-01-01", "2026-01-01T00:00:00Z", "0000-00-00"].map((value) => [pointer, value]);
  if (at.minLength) yield [pointer, ""];
  if (at.maxLength) yield [pointer, "ă".repeat(at.maxLength + 1)];
  if (at.pattern) yield [pointer, "không hợp lệ"];
  if (own === "string" && !at.enum && !at.format) yield [pointer, "a\u0000b"];
  if (at.minimum !== undefined) yield [pointer, at.minimum - 1];
  if (at.maximum !== undefined) yield [pointer, at.maximum + 1];
}

function* membersOf(schema) {
  const at = deref(schema);
  for (const [name, member] of Object.entries(at.properties ?? {})) {
    for (const [pointer, value] of wrongValues(member, `/${name}`)) yield [pointer, (body) => ({ ...body, [name]: value }), value];
    const items = deref(member).type === "array" ? deref(deref(member).items) : null;
    if (items?.properties) {
      for (const [inner, innerMember] of Object.entries(items.properties)) {
        for (const [, value] of wrongValues(innerMember, "")) {
          yield [`/${name}/0/${inner}`, (body) => ({ ...body, [name]: [{ ...(body[name]?.[0] ?? {}), [inner]: value }] }), value];
        }
      }
    }
    if (at.required?.includes(name)) yield [`/${name}`, (body) => Object.fromEntries(Object.entries(body).filter(([key]) => key !== name)), undefined];
  }
  yield ["/unheard_of", (body) => ({ ...body, unheard_of: 1 }), 1];
}

async function generated(world) {
  const system = await world.newSystem();
  const draft = await world.dossierIn("draft");
  const label = await world.newLabel();
  const organisation = await world.newOrganisation();
  const account = await world.newAccount();
  const token = (await world.newToken()).api_token;
  const [assignment, delegation] = [await world.newAssignment(), await world.newDelegation()];
  const item = encodeURIComponent(draft.items[0].item);
  const { staff, admin, appraiser, anonymous } = world;
  const key = new Passkey(world.site);
  const challenge = (await anonymous.request("POST", "/api/v1/session/passkey-options", { body: { purpose: "sign_in" } })).json;
  const creation = (await admin.request("POST", "/api/v1/me/factors/passkeys/options", { body: {} })).json;
  const created = key.create(creation);
  const link = { token: "A".repeat(43) };
  const end = { document_number: "12/QĐ-UBND", valid_to: today() };
  // operation: [who, a good body, what stands for {id}, further parts of the path]
  const targets = {
    session_create: [anonymous, { username: "nobody", password: "wrong" }],
    session_factor: [staff, { code: "000000" }],
    session_passkey_options: [anonymous, { purpose: "sign_in" }],
    session_passkey: [anonymous, key.get(challenge)],
    activation_check: [anonymous, link],
    activation_create: [anonymous, { ...link, password: "mua xuan den som hon" }],
    password_put: [staff, { current: "wrong", password: "mua xuan den som hon" }],
    identity_link: [staff, { return_path: "/" }],
    factor_totp_begin: [staff, { password: "wrong" }],
    factor_totp_confirm: [staff, { code: "000000" }],
    factor_passkey_options: [staff, { password: "wrong" }],
    factor_passkey_create: [admin, created],
    factor_passkey_change: [admin, { name: "Khóa" }, { id: NOBODYS_ID, version: 1 }],
    account_create: [admin, world.accountBody({ memberships: [world.membershipBody()] })],
    membership_create: [admin, world.membershipBody(), account],
    membership_end: [admin, { document_number: "2/QĐ" }, account, { "{membership}": account.memberships[0].id }],
    assignment_create: [admin, world.assignmentBody(organisation)],
    assignment_end: [admin, end, assignment],
    delegation_create: [admin, world.delegationBody()],
    delegation_end: [admin, end, delegation],
    token_create: [admin, world.tokenBody()],
    token_rotate: [admin, {}, token],
    classification_create: [anonymous, { ruleset: RULESET, facts: {} }],
    organisation_create: [admin, world.organisationBody()],
    organisation_change: [admin, {}, organisation],
    organisation_change_create: [admin, world.renaming(), organisation],
    system_create: [staff, world.systemBody()],
    system_change: [staff, {}, system],
    dossier_create: [staff, world.dossierBody(system)],
    dossier_change: [staff, { systems: [{ system_id: draft.systems[0].system.id, proposed_level: 2 }] }, draft],
    dossier_item_put: [staff, {}, draft, { "{item}": item }],
    dossier_transition_create: [staff, { to: "withdrawn", reason: "x" }, draft],
    label_create: [staff, world.labelBody()],
    label_transition_create: [appraiser, world.grant(), label],
  };
  const wrong = [];
  let asked = 0;
  const operations = Object.entries(openapi.paths).flatMap(([template, methods]) => Object.entries(methods).map(([method, operation]) => ({ ...operation, template, method: method.toUpperCase() })));
  const bodies = operations.filter((operation) => operation.requestBody?.content["application/json"]);
  const untried = bodies.filter((operation) => !targets[operation.operationId]).map((operation) => operation.operationId);
  expect(untried.length === 0 && Object.keys(targets).length === bodies.length, `not tried: ${untried}`);
  for (const { operationId, template, method, requestBody } of bodies) {
    const [client, good, thing = {}, parts = {}] = targets[operationId];
    const path = Object.entries(parts).reduce((at, [name, value]) => at.replace(name, value), template.replace("{id}", thing.id));
    const { schema } = requestBody.content["application/json"];
    for (const [pointer, change, value] of membersOf(schema)) {
      const name = `${method} ${template} ${pointer} = ${JSON.stringify(value)?.slice(0, 40)}`;
      const headers = { "Idempotency-Key": newKey(), "If-Match": `"${thing.version ?? 1}"` };
      const answer = await send(world, name, client, method, path, change(good), headers);
      // An escaped NUL ends the reading: the place is a line and a column, not a member.
      const unread = typeof value === "string" && value.includes("\0");
      const found = fault(name, answer, unread ? [400] : [422]);
      if (found) wrong.push(found);
      else if (unread ? !(answer.json.errors[0].params.column > 1) : !answer.json.errors.some((error) => error.pointer === pointer)) wrong.push(`${name}: points to ${answer.json.errors.map((error) => error.pointer)}`);
      asked++;
    }
  }
  report.none(`H-2: ${asked} values that the schemas forbid are refused where they stand`, wrong);
}

const world = await World.open({ names: ["staff", "admin", "appraiser"] });
for (const [where, who, path, headers] of [
  ["by nobody, from memory", world.anonymous, "/api/v1/classifications", () => ({})],
  ["on a worker", world.staff, "/api/v1/systems", () => ({ "Idempotency-Key": newKey() })],
]) {
  const wrong = [];
  for (const [name, body, statuses] of CASES) {
    // A route may take less than 1 MiB; then size comes first.
    const allowed = statuses ?? (body.length > 60 << 10 ? [400, 413, 422] : [400, 422]);
    const found = fault(name, await send(world, name, who, "POST", path, body, headers()), allowed);
    if (found) wrong.push(found);
  }
  report.none(`H-2: ${CASES.length} hostile bodies ${where} are refused`, wrong);
  await report.test("the server is alive", () => alive(world));
}
await generated(world);
await report.test("the server is alive", () => alive(world));
report.say(`${slow.length} answers took more than ${AIM_MS} ms${slow.length ? `: ${slow.slice(0, 8).join(", ")}` : ""}`);

await report.test("control: a good body among the hostile ones is noticed", async () => {
  for (const body of [facts("{}"), ` ${facts('{"online_service":true}')}\n`]) {
    const answer = await send(world, "good", world.anonymous, "POST", "/api/v1/classifications", body);
    expect(answer.status === 200 && fault("good", answer) !== undefined, answer);
  }
});
world.close();
process.exit(report.end());
