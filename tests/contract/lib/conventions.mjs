// The conventions of the API that a schema cannot say: parameters, pages, counts, versions, safe
// retry and languages; and traps that products of this kind fell into.

import { Client, newKey, pool } from "./http.mjs";
import { expect } from "./report.mjs";

const LISTS = ["/api/v1/systems", "/api/v1/dossiers", "/api/v1/labels", "/api/v1/organisations"];

async function walk(client, first, between = async () => {}) {
  const ids = [];
  let path = first;
  for (let pages = 0; path !== null; pages++) {
    expect(pages < 500, "the pages do not end");
    const answer = await client.get(path);
    expect(answer.status === 200, answer);
    const page = answer.json;
    ids.push(...page.items.map((row) => row.id));
    const link = /^<([^>]+)>; rel="?next"?$/.exec(answer.headers.link ?? "")?.[1] ?? null;
    expect((page.next === null) === (link === null), `next and Link disagree: ${answer}`);
    if (page.next !== null) expect(new URL(link, client.base).searchParams.get("cursor") === page.next, "Link has another cursor");
    path = link;
    await between(pages);
  }
  return ids;
}

async function unknownParameter(world) {
  for (const path of [...LISTS, "/api/v1/me", "/api/v1/stats/by_level", "/api/v1/meta"]) {
    for (const query of ["unheard_of=1", "LIMIT=1", "limit%00=1", "=1"]) {
      const answer = await world.staff.get(`${path}?${query}`);
      expect(answer.status === 400, answer);
    }
  }
}

// Rows that were there before the walk come once, whatever is inserted meanwhile.
async function walkWhileInserting(world) {
  let walked = 0;
  for (const query of ["limit=7", "limit=7&sort=name", "limit=3&sort=-updated_at", "limit=5&sort=code"]) {
    const before = await walk(world.staff, "/api/v1/systems?limit=200");
    const ids = await walk(world.staff, `/api/v1/systems?${query}`, async (page) => {
      if (page < 4) await world.newSystem();
    });
    expect(new Set(ids).size === ids.length, `${query}: a row came twice`);
    const missing = before.filter((id) => !ids.includes(id));
    expect(missing.length === 0, `${query}: ${missing.length} rows did not come`);
    walked += ids.length;
  }
  for (const list of LISTS) {
    const one = await walk(world.office, `${list}?limit=200`);
    const other = await walk(world.office, `${list}?limit=9`);
    expect(one.join() === other.join(), `${list}: pages of 9 and of 200 differ`);
    expect(new Set(one).size === one.length, `${list}: a row came twice`);
    walked += other.length;
  }
  return `${walked} rows`;
}

// A list longer than the page says so, and a count is exact or says that it is not.
async function countNeverCut(world) {
  for (const list of LISTS) {
    const all = await walk(world.office, `${list}?limit=200`);
    const plain = (await world.office.get(`${list}?limit=5`)).json;
    expect(plain.items.length === 5 && plain.next !== null, `${list}: the first page`);
    expect(plain.count.type === "at_least" && plain.count.value > 5, `${list}: ${JSON.stringify(plain.count)}`);
    const bounded = (await world.office.get(`${list}?limit=5&count=bounded`)).json;
    expect(bounded.count.type === "exact" && bounded.count.value === all.length, `${list}: ${JSON.stringify(bounded.count)} of ${all.length}`);
    const second = (await world.office.get(`${list}?limit=5&count=bounded&cursor=${bounded.next}`)).json;
    expect(second.count.value === all.length, `${list}: the second page counts ${JSON.stringify(second.count)}`);
    const unlimited = (await world.office.get(list)).json;
    expect(unlimited.items.length === Math.min(50, all.length), `${list}: the default page has ${unlimited.items.length}`);
    expect((unlimited.next !== null) === (all.length > 50), `${list}: the default page hides rows`);
  }
}

async function cursorIsBound(world) {
  const page = (await world.office.get("/api/v1/systems?limit=2&sort=name")).json;
  for (const path of [
    `/api/v1/systems?limit=2&sort=code&cursor=${page.next}`,
    `/api/v1/systems?limit=2&sort=name&level=1&cursor=${page.next}`,
    `/api/v1/dossiers?limit=2&cursor=${page.next}`,
    `/api/v1/systems?limit=2&sort=name&cursor=${page.next.slice(0, -3)}`,
  ]) {
    const answer = await world.office.get(path);
    expect(answer.status === 400 && ["bad_cursor", "bad_parameter"].includes(answer.code), answer);
  }
}

async function versions(world) {
  const system = await world.newSystem();
  const path = `/api/v1/systems/${system.id}`;
  const change = (body, headers) => world.staff.request("PATCH", path, { body, headers });
  const first = await world.staff.get(path);
  const none = await change({ scope: "A" }, {});
  expect(none.status === 428 && none.code === "precondition_required", none);
  const weak = await change({ scope: "A" }, { "If-Match": `W/${first.etag}` });
  expect(weak.status === 412, weak);
  const good = await change({ scope: "A" }, { "If-Match": first.etag });
  expect(good.status === 200 && good.etag !== first.etag && good.json.scope === "A", good);
  const stale = await change({ scope: "B" }, { "If-Match": first.etag });
  expect(stale.status === 412 && stale.json.current.scope === "A" && stale.json.current.version === good.json.version, stale);
  const unchanged = await world.staff.get(path, { headers: { "If-None-Match": `"0", ${good.etag}` } });
  expect(unchanged.status === 304 && unchanged.body.length === 0 && unchanged.etag === good.etag, unchanged);
  const changed = await world.staff.get(path, { headers: { "If-None-Match": first.etag } });
  expect(changed.status === 200 && changed.json.scope === "A", changed);
  const both = await change({ scope: "C" }, { "If-Match": good.etag, "If-None-Match": "*" });
  expect(both.status === 200, both);

  // Sixteen at once: one saves, the others see what it saved.
  const now = both.etag;
  const answers = [];
  await pool(Array.from({ length: 16 }, (_, i) => i), 16, async (i) => answers.push(await change({ scope: `${i}` }, { "If-Match": now })));
  const saved = answers.filter((answer) => answer.status === 200);
  expect(saved.length === 1, `${saved.length} of 16 saved`);
  expect(answers.every((answer) => answer.status === 200 || (answer.status === 412 && answer.json.current.scope === saved[0].json.scope)), "a loser does not see the winner");
}

async function safeRetry(world) {
  const key = newKey();
  const body = world.systemBody();
  const first = await world.staff.post("/api/v1/systems", body, { headers: { "Idempotency-Key": key } });
  const again = await world.staff.post("/api/v1/systems", body, { headers: { "Idempotency-Key": key } });
  expect(first.status === 201 && again.status === 201, again);
  expect(first.body.equals(again.body), "the replay differs");
  for (const name of ["etag", "location", "content-type"]) {
    expect(first.headers[name] === again.headers[name], `the replay has another ${name}`);
  }
  const other = await world.staff.post("/api/v1/systems", { ...body, name: "Khác" }, { headers: { "Idempotency-Key": key } });
  expect(other.status === 422 && other.code === "idempotency_mismatch", other);
  const another = await world.staff2.post("/api/v1/systems", world.systemBody({ operator_id: world.operator2 }), { headers: { "Idempotency-Key": key } });
  expect(another.status === 201, `the key of one account is not that of another: ${another}`);
  const found = await world.staff.get(`/api/v1/systems?q=${encodeURIComponent(`"${body.name}"`)}&limit=200`);
  expect(found.status === 200, found);
  const same = (await walkItems(world.staff, "/api/v1/systems?limit=200")).filter((row) => row.name === body.name);
  expect(same.length === 1, `${same.length} systems of one key`);

  // Twelve at once with one key: one effect, one answer.
  const key2 = newKey();
  const body2 = world.systemBody();
  const answers = [];
  await pool(Array.from({ length: 12 }), 12, async () =>
    answers.push(await world.staff.post("/api/v1/systems", body2, { headers: { "Idempotency-Key": key2 } })),
  );
  for (const answer of answers) expect(answer.status === 201 && answer.body.equals(answers[0].body), answer);
  for (const bad of ["short", "x".repeat(65), "a b c d e f g"]) {
    const answer = await world.staff.post("/api/v1/systems", body, { headers: { "Idempotency-Key": bad } });
    expect(answer.status === 400, answer);
  }
}

async function walkItems(client, path) {
  const items = [];
  for (let next = path; next !== null; ) {
    const page = (await client.get(next)).json;
    items.push(...page.items);
    next = page.next === null ? null : `${path}&cursor=${page.next}`;
  }
  return items;
}

async function languages(world) {
  for (const [accept, title] of [
    [undefined, "Không tìm thấy"],
    ["vi", "Không tìm thấy"],
    ["vi-VN,vi;q=0.9,en;q=0.5", "Không tìm thấy"],
    ["en", "Not found"],
    ["en-GB,en;q=0.9,vi;q=0.5", "Not found"],
    ["en;q=0.2, vi;q=0.8", "Không tìm thấy"],
    ["fr, de", "Không tìm thấy"],
  ]) {
    const headers = accept === undefined ? {} : { "Accept-Language": accept };
    const answer = await world.staff.get("/api/v1/systems/none", { headers });
    expect(answer.json.title === title, `Accept-Language ${accept}: ${answer}`);
  }
}

// All that is wrong with a body is said at once, each with its pointer.
async function allProblemsAtOnce(world) {
  const answer = await world.staff.post("/api/v1/systems", {
    governing_id: 7,
    operator_id: "none",
    name: "",
    ruleset: null,
    life_cycle: "sold",
    unheard_of: 1,
    contacts: [{ title: "x" }],
    facts: [],
  });
  expect(answer.status === 422, answer);
  const pointers = answer.json.errors.map((error) => error.pointer).sort();
  for (const wanted of ["/contacts/0/name", "/facts", "/governing_id", "/life_cycle", "/name", "/operator_id", "/ruleset", "/unheard_of"]) {
    expect(pointers.includes(wanted), `${wanted} is not among ${pointers.join(" ")}`);
  }
}

async function requestId(world) {
  const own = await world.anonymous.get("/api/v1/meta", { headers: { "X-Request-Id": "abc.DEF_1-2" } });
  expect(own.headers["x-request-id"] === "abc.DEF_1-2", own.headers["x-request-id"]);
  const bad = await world.anonymous.get("/api/v1/meta", { headers: { "X-Request-Id": "a b<c>" } });
  expect(/^[0-9a-f-]{36}$/.test(bad.headers["x-request-id"]), bad.headers["x-request-id"]);
}

// A count on the dashboard is the length of the list it names.
async function figuresAreLists(world) {
  let compared = 0;
  for (const client of [world.office, world.staff, world.appraiser, world.chairman]) {
    for (const view of ["by_level", "by_status", "by_organisation", "progress", "labels", "overdue"]) {
      const rows = (await client.get(`/api/v1/stats/${view}`)).json.rows;
      for (const row of rows.slice(0, 12)) {
        const href = new URL(row.href, client.base);
        if (!href.pathname.startsWith("/api/")) continue;
        href.searchParams.set("count", "bounded");
        href.searchParams.set("limit", "1");
        const list = await client.get(`${href.pathname}${href.search}`);
        expect(list.status === 200, list);
        const { count } = list.json;
        expect(count.value === row.value && count.type === "exact", `${client.name} ${view} ${row.key}/${row.measure}: ${row.value}, its list ${JSON.stringify(count)} ${row.href}`);
        compared++;
      }
    }
  }
  expect(compared > 20, `only ${compared} figures name a list`);
  const first = await world.office.get("/api/v1/stats/by_level");
  const poll = await world.office.get("/api/v1/stats/by_level", { headers: { "If-None-Match": first.etag } });
  expect(poll.status === 304, poll);
  await world.newSystem();
  const after = await world.office.get("/api/v1/stats/by_level", { headers: { "If-None-Match": first.etag } });
  expect(after.status === 200, `the figures did not follow a new system: ${after}`);
  return `${compared} figures`;
}

// 1 and 3: whoever prepared does not appraise or approve; nobody skips a stage, no administrator either.
async function stagesAreKept(world) {
  const draft = await world.dossierIn("draft");
  const submitted = await world.dossierIn("submitted");
  const appraised = await world.dossierIn("appraised");
  for (const [client, dossier, body, statuses] of [
    [world.staff, submitted, { to: "received" }, [403, 409]],
    [world.staff, appraised, world.decision(), [403]],
    [world.appraiser, appraised, world.decision(), [403, 409]],
    [world.director, draft, world.decision(), [404, 403, 409]],
    [world.director, submitted, world.decision(), [403, 409]],
    [world.chairman, submitted, world.decision(), [403, 409]],
    [world.chairman, appraised, world.decision(), [403]],
    [world.admin, appraised, world.decision(), [403]],
    [world.office, appraised, world.decision(), [403]],
    [world.staff2, draft, { to: "withdrawn", reason: "x" }, [404]],
  ]) {
    const answer = await world.step(client, dossier, body);
    expect(statuses.includes(answer.status), `${dossier.state} -> ${body.to}: ${answer}`);
  }
}

// 2 and 14: what the server decides cannot be written by a client.
async function decidedByServer(world) {
  const system = await world.newSystem();
  for (const extra of [{ state: "approved" }, { status: "approved" }, { approved_level: 1 }, { prepared_by: "x" }]) {
    const answer = await world.staff.post("/api/v1/dossiers", { ...world.dossierBody(system), ...extra });
    expect(answer.status === 422, answer);
  }
  for (const extra of [{ approved_level: 1 }, { approval_status: "approved" }, { computed_level: 1 }, { version: 9 }, { updated_by: "x" }, { operator_id: world.operator2 }]) {
    const answer = await world.staff.request("PATCH", `/api/v1/systems/${system.id}`, { body: extra, headers: { "If-Match": `"${system.version}"` } });
    expect(answer.status === 422, answer);
  }
  const appraised = await world.dossierIn("appraised");
  for (const extra of [{ signer_name: "x" }, { signer_id: world.staff.me.id }, { capacity: "x" }, { at: "2020-01-01T00:00:00Z" }]) {
    const answer = await world.step(world.director, appraised, { ...world.decision(), ...extra });
    expect(answer.status === 422, answer);
  }
}

// 5: a decision names its signer for good; and is never changed.
async function decisionsStay(world) {
  const approved = await world.dossierIn("approved");
  expect(approved.decision.signer_name === world.director.me.display_name, JSON.stringify(approved.decision));
  for (const to of ["draft", "refused", "returned", "approved", "withdrawn"]) {
    const answer = await world.step(world.director, approved, { ...world.decision(to) });
    expect(answer.status === 409 || answer.status === 403, answer);
  }
  const after = (await world.director.get(`/api/v1/dossiers/${approved.id}`)).json;
  expect(JSON.stringify(after.decision) === JSON.stringify(approved.decision), "the decision changed");
}

// 8: a page of many systems is one request, and quick.
async function oneRequestPerPage(world) {
  const page = await world.office.get("/api/v1/systems?limit=200&count=bounded");
  expect(page.json.items.length >= 100, `${page.json.items.length} rows`);
  return `${page.json.items.length} rows in ${page.ms.toFixed(0)} ms`;
}

// 4 of the opposite: a list asked without a session never answers.
async function nothingWithoutSession(world, contract) {
  const stranger = new Client(world.base, { recorder: world.recorder });
  for (const path of contract) {
    const answer = await stranger.get(path);
    expect(answer.status === 401, answer);
  }
  stranger.close();
}

export async function conventions(world, report) {
  for (const [name, fn] of [
    ["an unknown parameter is refused", unknownParameter],
    ["pages give each row once while rows are inserted", walkWhileInserting],
    ["a list never hides that it goes on", countNeverCut],
    ["a cursor belongs to its list, order and filters", cursorIsBound],
    ["versions guard every change, 412 shows the present", versions],
    ["a key makes one effect and one answer", safeRetry],
    ["titles follow Accept-Language", languages],
    ["all problems of a body are told at once", allProblemsAtOnce],
    ["the request id comes back", requestId],
    ["figures are the lengths of the lists they name", figuresAreLists],
    ["stages are kept and roles apart (traps 1, 3)", stagesAreKept],
    ["what the server decides is not writable (traps 2, 14)", decidedByServer],
    ["decisions stay (trap 5)", decisionsStay],
    ["a page is one request (trap 8)", oneRequestPerPage],
    ["nothing is listed without a session", (w) => nothingWithoutSession(w, [...LISTS, "/api/v1/accounts", "/api/v1/tokens", "/api/v1/stats/by_level"])],
  ]) {
    await report.test(name, () => fn(world));
  }
}
