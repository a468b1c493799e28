// Drives every operation of the contract to every status it documents. The steps that all
// operations share (right, parameter, media type, precondition) are made from the contract itself;
// only what an operation is about is written out here.

import { Passkey, totp } from "./authenticator.mjs";
import { Client, newKey } from "./http.mjs";
import { expect } from "./report.mjs";
import { NAMES, NOBODYS_ID, RULESET, today } from "./world.mjs";

const JUNK = { unheard_of: 1 };

// For each operation: who may, a path that exists, one that does not (`within`: in a thing that
// exists), a body that is right, and where the version to match is read.
async function subjects(world) {
  const { staff, admin, appraiser } = world;
  const system = await world.newSystem();
  const draft = await world.newDossier();
  const approved = await world.dossierIn("approved");
  const label = await world.newLabel();
  const organisation = await world.newOrganisation();
  const token = (await world.newToken()).api_token;
  const account = await world.newAccount();
  const person = await world.newPerson();
  const assignment = await world.newAssignment();
  const delegation = await world.newDelegation();
  const item = encodeURIComponent(draft.items[0].item);
  const systems = [{ system_id: draft.systems[0].system.id, proposed_level: 2 }];
  const at = (thing, name) => `/api/v1/${name}/${thing.id}`;
  const never = NOBODYS_ID;
  return {
    session_create: { by: world.anonymous, path: "/api/v1/session", body: null },
    session_delete: { by: staff, path: "/api/v1/session" },
    session_factor: { by: staff, path: "/api/v1/session/factor", body: { code: "000000" } },
    session_passkey_options: { by: world.anonymous, path: "/api/v1/session/passkey-options", body: { purpose: "sign_in" } },
    session_passkey: { by: world.anonymous, path: "/api/v1/session/passkey", body: {} },
    factor_list: { by: staff, path: "/api/v1/me/factors" },
    factor_totp_begin: { by: staff, path: "/api/v1/me/factors/totp", body: {} },
    factor_totp_remove: { by: staff, path: "/api/v1/me/factors/totp", missing: "/api/v1/me/factors/totp" },
    factor_totp_confirm: {
      by: staff,
      path: "/api/v1/me/factors/totp/confirm",
      missing: "/api/v1/me/factors/totp/confirm",
      body: { code: "000000" },
    },
    factor_passkey_options: { by: staff, path: "/api/v1/me/factors/passkeys/options", body: {} },
    factor_passkey_create: { by: staff, path: "/api/v1/me/factors/passkeys", body: { name: "Khóa" } },
    factor_passkey_change: {
      by: staff,
      path: `/api/v1/me/factors/passkeys/${never}`,
      missing: `/api/v1/me/factors/passkeys/${never}`,
      body: { name: "Khóa" },
    },
    factor_passkey_remove: { by: staff, path: `/api/v1/me/factors/passkeys/${never}`, missing: `/api/v1/me/factors/passkeys/${never}` },
    factor_recovery_create: { by: staff, path: "/api/v1/me/factors/recovery-codes" },
    my_session_list: { by: staff, path: "/api/v1/me/sessions" },
    my_session_end_others: { by: staff, path: "/api/v1/me/sessions" },
    my_session_end: { by: staff, path: `/api/v1/me/sessions/${never}`, missing: `/api/v1/me/sessions/${never}` },
    me_get: { by: staff, path: "/api/v1/me" },
    sign_on_start: { by: world.anonymous, path: "/api/v1/session/oidc" },
    sign_on_callback: { by: world.anonymous, path: "/api/v1/session/oidc/callback" },
    sign_on_logout: {
      by: world.anonymous,
      path: "/api/v1/session/oidc/backchannel-logout",
      body: "logout_token=a.b.c",
      type: "application/x-www-form-urlencoded",
    },
    identity_list: { by: staff, path: "/api/v1/me/identities" },
    identity_link: { by: staff, path: "/api/v1/me/identities", body: { return_path: "/" } },
    identity_unlink: { by: staff, path: `/api/v1/me/identities/${never}`, missing: `/api/v1/me/identities/${never}` },
    meta_get: { by: world.anonymous, path: "/api/v1/meta" },
    openapi_get: { by: world.anonymous, path: "/api/v1/openapi.json" },
    ruleset_list: { by: world.anonymous, path: "/api/v1/rulesets" },
    ruleset_get: { by: world.anonymous, path: `/api/v1/rulesets/${RULESET}`, missing: "/api/v1/rulesets/vn-1-1900" },
    classification_create: {
      by: world.anonymous,
      path: "/api/v1/classifications",
      body: { ruleset: RULESET, facts: world.facts },
    },
    organisation_list: { by: staff, path: "/api/v1/organisations" },
    organisation_create: { by: admin, path: "/api/v1/organisations", body: () => world.organisationBody() },
    organisation_get: { by: staff, path: at(organisation, "organisations"), missing: `/api/v1/organisations/${never}` },
    organisation_change: {
      by: admin,
      path: at(organisation, "organisations"),
      missing: `/api/v1/organisations/${never}`,
      body: { phone: "0222 3000 000" },
    },
    organisation_import: {
      by: admin,
      path: "/api/v1/organisations/imports?mode=dry_run",
      type: "text/csv",
      body: () => world.importFile(),
    },
    organisation_history_list: {
      by: staff,
      path: `${at(organisation, "organisations")}/history`,
      missing: `/api/v1/organisations/${never}/history`,
    },
    organisation_change_create: {
      by: admin,
      path: `${at(await world.newOrganisation(), "organisations")}/changes`,
      version: at(organisation, "organisations"),
      missing: `/api/v1/organisations/${never}/changes`,
      body: () => world.renaming(),
    },
    account_list: { by: admin, path: "/api/v1/accounts" },
    account_create: { by: admin, path: "/api/v1/accounts", body: () => world.accountBody() },
    account_get: { by: admin, path: at(account, "accounts"), missing: `/api/v1/accounts/${never}` },
    account_disable: {
      by: admin,
      path: `${at(account, "accounts")}/disable`,
      version: at(account, "accounts"),
      missing: `/api/v1/accounts/${never}/disable`,
    },
    account_enable: {
      by: admin,
      path: `${at(account, "accounts")}/enable`,
      version: at(account, "accounts"),
      missing: `/api/v1/accounts/${never}/enable`,
    },
    account_link_create: { by: admin, path: `${at(account, "accounts")}/links`, missing: `/api/v1/accounts/${never}/links` },
    membership_create: {
      by: admin,
      path: `${at(account, "accounts")}/memberships`,
      missing: `/api/v1/accounts/${never}/memberships`,
      body: () => world.membershipBody({ role: "office" }),
    },
    membership_end: {
      by: admin,
      path: `${at(account, "accounts")}/memberships/${account.memberships[0].id}/end`,
      missing: `/api/v1/accounts/${never}/memberships/${account.memberships[0].id}/end`,
      body: { document_number: "2/QĐ" },
    },
    activation_check: { by: world.anonymous, path: "/api/v1/activations/check", body: { token: "A".repeat(43) } },
    activation_create: {
      by: world.anonymous,
      path: "/api/v1/activations",
      body: { token: "A".repeat(43), password: "mua xuan den som" },
    },
    password_put: { by: person.client, path: "/api/v1/me/password", body: { current: "sai", password: "mot dem mua ha dai" } },
    security_event_list: { by: admin, path: "/api/v1/security-events" },
    my_security_event_list: { by: staff, path: "/api/v1/me/security-events" },
    assignment_list: { by: staff, path: "/api/v1/assignments" },
    assignment_create: { by: admin, path: "/api/v1/assignments", body: async () => world.assignmentBody(await world.newOrganisation()) },
    assignment_get: { by: staff, path: at(assignment, "assignments"), missing: `/api/v1/assignments/${never}` },
    assignment_end: {
      by: admin,
      path: `${at(assignment, "assignments")}/end`,
      version: at(assignment, "assignments"),
      missing: `/api/v1/assignments/${never}/end`,
      body: { document_number: "12/QĐ-UBND", valid_to: today() },
    },
    delegation_list: { by: staff, path: "/api/v1/delegations" },
    delegation_create: { by: admin, path: "/api/v1/delegations", body: () => world.delegationBody() },
    delegation_get: { by: staff, path: at(delegation, "delegations"), missing: `/api/v1/delegations/${never}` },
    delegation_end: {
      by: admin,
      path: `${at(delegation, "delegations")}/end`,
      version: at(delegation, "delegations"),
      missing: `/api/v1/delegations/${never}/end`,
      body: { document_number: "12/QĐ-UBND", valid_to: today() },
    },
    system_list: { by: staff, path: "/api/v1/systems" },
    system_create: { by: staff, path: "/api/v1/systems", body: () => world.systemBody() },
    system_get: { by: staff, path: at(system, "systems"), missing: `/api/v1/systems/${never}` },
    system_change: { by: staff, path: at(system, "systems"), missing: `/api/v1/systems/${never}`, body: { scope: "Toàn tỉnh" } },
    system_version_list: { by: staff, path: `${at(system, "systems")}/versions`, missing: `/api/v1/systems/${never}/versions` },
    system_classification_list: {
      by: staff,
      path: `${at(system, "systems")}/classifications`,
      missing: `/api/v1/systems/${never}/classifications`,
    },
    dossier_list: { by: staff, path: "/api/v1/dossiers" },
    dossier_create: { by: staff, path: "/api/v1/dossiers", body: async () => world.dossierBody(await world.newSystem()) },
    dossier_get: { by: staff, path: at(draft, "dossiers"), missing: `/api/v1/dossiers/${never}` },
    dossier_change: { by: staff, path: at(draft, "dossiers"), missing: `/api/v1/dossiers/${never}`, body: { systems } },
    dossier_item_get: {
      by: staff,
      path: `${at(draft, "dossiers")}/items/${item}`,
      missing: `${at(draft, "dossiers")}/items/unheard-of`,
    },
    dossier_item_put: {
      by: staff,
      path: `${at(draft, "dossiers")}/items/${item}`,
      version: at(draft, "dossiers"),
      missing: `${at(draft, "dossiers")}/items/unheard-of`,
      within: true,
      body: { content: "Nội dung" },
    },
    dossier_authority_get: {
      by: staff,
      path: `${at(draft, "dossiers")}/authority`,
      missing: `/api/v1/dossiers/${never}/authority`,
    },
    dossier_transition_list: {
      by: staff,
      path: `${at(draft, "dossiers")}/transitions`,
      missing: `/api/v1/dossiers/${never}/transitions`,
    },
    dossier_transition_create: {
      by: staff,
      path: `${at(draft, "dossiers")}/transitions`,
      version: at(draft, "dossiers"),
      missing: `/api/v1/dossiers/${never}/transitions`,
      body: { to: "withdrawn", reason: "Lập lại" },
    },
    dossier_change_list: { by: staff, path: `${at(approved, "dossiers")}/changes`, missing: `/api/v1/dossiers/${never}/changes` },
    dossier_submission_get: {
      by: staff,
      path: `${at(approved, "dossiers")}/submissions/1`,
      missing: `${at(approved, "dossiers")}/submissions/9`,
    },
    label_list: { by: staff, path: "/api/v1/labels" },
    label_create: { by: staff, path: "/api/v1/labels", body: () => world.labelBody() },
    label_get: { by: staff, path: at(label, "labels"), missing: `/api/v1/labels/${never}` },
    label_transition_list: { by: staff, path: `${at(label, "labels")}/transitions`, missing: `/api/v1/labels/${never}/transitions` },
    label_transition_create: {
      by: appraiser,
      path: `${at(label, "labels")}/transitions`,
      version: at(label, "labels"),
      missing: `/api/v1/labels/${never}/transitions`,
      body: world.grant(),
    },
    token_list: { by: admin, path: "/api/v1/tokens" },
    token_create: { by: admin, path: "/api/v1/tokens", body: () => world.tokenBody() },
    token_get: { by: admin, path: at(token, "tokens"), missing: `/api/v1/tokens/${never}` },
    token_rotate: {
      by: admin,
      path: `${at(token, "tokens")}/rotate`,
      version: at(token, "tokens"),
      missing: `/api/v1/tokens/${never}/rotate`,
      body: { overlap_days: 0 },
    },
    token_revoke: { by: admin, path: `${at(token, "tokens")}/revoke`, missing: `/api/v1/tokens/${never}/revoke` },
    stats_get: { by: staff, path: "/api/v1/stats/by_level", missing: "/api/v1/stats/by_colour" },
    healthz_get: { by: world.anonymous, path: "/healthz" },
    readyz_get: { by: world.anonymous, path: "/readyz" },
    metrics_get: { by: world.anonymous, path: "/metrics" },
  };
}

const named = (operation, name) => operation.parameters?.some((row) => row.name === name && row.in === "header");

// Everything an operation answers because of the layers before it.
async function driveShared(row, subject) {
  const { by, path, missing } = subject;
  const { operation, method } = row;
  const make = async () => (typeof subject.body === "function" ? await subject.body() : subject.body);
  const body = operation.requestBody ? ((await make()) ?? { username: "nobody", password: "wrong" }) : undefined;
  const preconditions = async (version) => {
    const headers = subject.type ? { "Content-Type": subject.type } : {};
    if (named(operation, "Idempotency-Key")) headers["Idempotency-Key"] = newKey();
    if (subject.type) headers["Content-Type"] = subject.type;
    if (named(operation, "If-Match")) headers["If-Match"] = version ?? (await by.get(subject.version ?? path)).etag ?? '"1"';
    return headers;
  };
  const send = (target, more = {}, who = by) => who.request(method, target, { body, ...more });
  const wanted = (status) => status in operation.responses;
  const anonymous = { headers: { Cookie: "" } };

  await send(`${path}${path.includes("?") ? "&" : "?"}unheard_of=1`, { headers: await preconditions() });
  if (wanted("401")) {
    await send(path, { headers: { ...(await preconditions()), ...anonymous.headers } });
    await send(path, { headers: { ...(await preconditions()), Cookie: `sid=${"A".repeat(43)}` } });
  }
  if (method !== "GET") await send(path, { headers: { ...(await preconditions()), "Sec-Fetch-Site": "cross-site" } });
  if (wanted("404")) await send(missing, { headers: await preconditions(subject.within ? undefined : '"1"') });
  if (wanted("415")) await send(path, { headers: { ...(await preconditions()), "Content-Type": "text/plain" } });
  if (wanted("422")) await by.request(method, path, { body: JUNK, headers: await preconditions() });
  if (wanted("400") && body !== undefined) await by.request(method, path, { body: "{\"a\":1,}", headers: await preconditions() });
  if (wanted("413") || body !== undefined) {
    await by.request(method, path, { body: JSON.stringify({ a: "x".repeat(1100000) }), headers: await preconditions() });
  }
  if (wanted("428")) {
    await send(path);
    for (const name of ["If-Match", "Idempotency-Key"]) {
      const headers = await preconditions();
      delete headers[name];
      await send(path, { headers });
    }
  }
  if (wanted("412")) await send(path, { headers: await preconditions('"999999"') });
  if (wanted("304")) {
    const now = await by.get(path);
    const again = await by.get(path, { headers: { "If-None-Match": now.etag } });
    expect(again.status === 304, again);
  }
  if (method === "GET") await by.request("HEAD", path);
}

// Every kind of change, as a trial and for good; what is found and read afterwards.
async function driveChanges(world) {
  const { staff, admin } = world;
  const [one, two, three] = [await world.newOrganisation(), await world.newOrganisation(), await world.newOrganisation()];
  const document = { effective_on: today(), document_number: "12/QĐ-UBND" };
  const changes = [
    [one, { kind: "renamed", name: "Tên khác" }],
    [one, { kind: "moved", parent_id: two.id }],
    [one, { kind: "code_changed", code: `${one.code}.1`, scheme: "internal" }],
    [one, { kind: "split", successors: [{ organisation_id: two.id }] }],
    [two, { kind: "merged", merged: [{ organisation_id: one.id }] }],
    [one, { kind: "restored" }],
    [one, { kind: "dissolved", successor_id: three.id }],
  ];
  for (const [thing, change] of changes) {
    const { etag } = await admin.get(`/api/v1/organisations/${thing.id}`);
    for (const [query, status] of [["?mode=dry_run", 200], ["", 201]]) {
      const answer = await admin.post(`/api/v1/organisations/${thing.id}/changes${query}`, { ...document, ...change }, { headers: { "If-Match": etag } });
      expect(answer.status === status, answer);
    }
  }
  const spare = await world.newOrganisation();
  const taken = await admin.post(`/api/v1/organisations/${spare.id}/changes`, { ...document, kind: "code_changed", code: two.code, scheme: "internal" }, { headers: { "If-Match": `"${spare.version}"` } });
  expect(taken.status === 422, taken);
  const file = world.importFile();
  const csv = (mode, body) => admin.post(`/api/v1/organisations/imports?mode=${mode}`, body, { headers: { "Content-Type": "text/csv; charset=utf-8" } });
  for (const [mode, created] of [["dry_run", 1], ["atomic", 1], ["partial", 0]]) {
    const answer = await csv(mode, file);
    expect(answer.status === 200 && answer.json.counts.created === created && answer.json.counts.error === 0, answer);
  }
  expect((await csv("partial", "code,name,kind\n,x,y\n")).json.counts.error === 1, "a row without a code");
  await csv("sideways", file);
  await csv("atomic", "code,colour\nX,red\n");
  const found = await staff.get(`/api/v1/organisations?code=${one.code}`);
  expect(found.json.items[0]?.id === three.id && found.json.items[0].found_by.holder.id === one.id, found);
  const then = await staff.get(`/api/v1/organisations/${one.id}?as_of=${today()}`);
  expect(then.json.status === "dissolved", then);
  await staff.get(`/api/v1/organisations/${one.id}?as_of=tomorrow`);
  for (const client of [staff, admin]) await client.get(`/api/v1/organisations/${one.id}/history?limit=2`);
}

const wants = (answer, status) => {
  expect(answer.status === status, answer);
  return answer;
};

// An app, two passkeys and recovery codes of the office account, from the first to none.
async function driveFactors(world) {
  const { staff2, director } = world;
  const office = await new Client(world.base, { recorder: world.recorder }).signIn("office", world.passwords.office);
  const send = (method, path, body, headers) => office.request(method, `/api/v1${path}`, { body, headers });
  const post = (path, body) => send("POST", path, body);

  wants(await post("/me/factors/totp", {}), 422);
  wants(await post("/me/factors/totp", { password: "wrong" }), 422);
  wants(await post("/me/factors/recovery-codes"), 403);
  const { secret } = wants(await post("/me/factors/totp", { password: world.passwords.office }), 201).json;
  wants(await post("/me/factors/totp/confirm", { code: totp(secret, 100) }), 403);
  office.follow(wants(await post("/me/factors/totp/confirm", { code: totp(secret) }), 200));
  const { codes } = wants(await post("/me/factors/recovery-codes"), 201).json;

  const keys = [new Passkey(world.site), new Passkey(world.site)];
  let again;
  for (const key of keys) {
    again = key.create(wants(await post("/me/factors/passkeys/options", {}), 200).json);
    office.follow(wants(await post("/me/factors/passkeys", again), 201));
  }
  wants(await post("/me/factors/passkeys", again), 403);
  wants(await post("/me/factors/passkeys", keys[0].create(wants(await post("/me/factors/passkeys/options", {}), 200).json)), 409);
  const [first, second] = wants(await send("GET", "/me/factors"), 200).json.passkeys;
  wants(await send("PATCH", `/me/factors/passkeys/${first.id}`, { name: "Khóa ở cơ quan" }, { "If-Match": '"7"' }), 412);
  wants(await send("PATCH", `/me/factors/passkeys/${first.id}`, { name: "Khóa ở cơ quan" }, { "If-Match": '"1"' }), 200);

  // The ways in: password and code, password and recovery code, password and passkey, passkey alone.
  const waiting = await new Client(world.base, { recorder: world.recorder }).signIn("office", world.passwords.office);
  expect(waiting.me.second_factor_pending, "the second factor is asked for");
  const ask = async (purpose) => wants(await waiting.request("POST", "/api/v1/session/passkey-options", { body: { purpose } }), 200).json;
  waiting.follow(wants(await waiting.request("POST", "/api/v1/session/factor", { body: { recovery_code: codes[0] } }), 200));
  waiting.follow(wants(await waiting.request("POST", "/api/v1/session/factor", { body: keys[0].get(await ask("factor")) }), 200));
  wants(await world.anonymous.request("POST", "/api/v1/session/passkey", { body: keys[1].get(await ask("sign_in"), { signature: true }) }), 403);
  wants(await world.anonymous.request("POST", "/api/v1/session/passkey", { body: keys[1].get(await ask("sign_in")) }), 201);
  wants(await world.anonymous.request("POST", "/api/v1/session/passkey-options", { body: { purpose: "factor" } }), 401);

  wants(await send("GET", "/me/sessions"), 200);
  const [other] = (await send("GET", "/me/sessions")).json.items.filter((row) => !row.current);
  wants(await send("DELETE", `/me/sessions/${other.id}`), 204);
  wants(await send("DELETE", "/me/sessions"), 204);
  for (const path of ["/me/factors/totp", `/me/factors/passkeys/${first.id}`, `/me/factors/passkeys/${second.id}`]) {
    wants(await send("DELETE", path), 204);
  }
  wants(await send("DELETE", "/me/factors/totp"), 404);
  const fresh = await world.signIn("office");
  wants(await fresh.request("POST", "/api/v1/me/factors/recovery-codes"), 409);

  // Who decides keeps one; too many wrong codes make one wait.
  wants(await director.request("DELETE", "/api/v1/me/factors/totp"), 409);
  const chairman = await world.signIn("chairman");
  const options = wants(await chairman.request("POST", "/api/v1/me/factors/passkeys/options", { body: {} }), 200).json;
  chairman.follow(wants(await chairman.request("POST", "/api/v1/me/factors/passkeys", { body: keys[0].create(options) }), 201));
  wants(await chairman.request("DELETE", "/api/v1/me/factors/totp"), 204);
  const [only] = (await chairman.get("/api/v1/me/factors")).json.passkeys;
  wants(await chairman.request("DELETE", `/api/v1/me/factors/passkeys/${only.id}`), 409);
  for (const path of ["/api/v1/session/factor", "/api/v1/me/factors/totp/confirm"]) {
    await staff2.request("POST", "/api/v1/me/factors/totp", { body: { password: world.passwords.staff2 } });
    for (let i = 0; i < 6; i++) await staff2.request("POST", path, { body: { code: "000000" } });
  }
  for (let i = 0; i < 8; i++) {
    await staff2.request("POST", "/api/v1/me/factors/totp", { body: { password: "wrong" } });
    await staff2.request("POST", "/api/v1/me/factors/passkeys/options", { body: { password: "wrong" } });
  }
  for (const client of [office, waiting, fresh, chairman]) client.close();
}

// There, and back with what the provider answers.
async function goThere(world, client, start) {
  const cookie = start.headers["set-cookie"][0].split(";")[0];
  const address = start.headers.location ?? start.json.address;
  const back = await fetch(address, { redirect: "manual" });
  const url = new URL(back.headers.get("location"));
  const own = client.cookie ? `${client.cookie}; ${cookie}` : cookie;
  return client.get(url.pathname + url.search, { headers: { Cookie: own } });
}

async function driveSignOn(world) {
  const { anonymous, staff, staff2, provider } = world;
  const start = () => anonymous.get("/api/v1/session/oidc?return=%2Fhe-thong&again=1");
  const page = await anonymous.get("/api/v1/session/oidc/callback?state=x", { headers: { Accept: "text/html" } });
  expect(page.status === 302 && page.headers.location === "/dang-nhap?sso=sign_in_expired", page);
  await anonymous.get("/api/v1/session/oidc?return=%2F%2Fevil.example");
  provider.play({ subject: "contract" });
  const unknown = await goThere(world, anonymous, await start());
  expect(unknown.status === 403, unknown);
  provider.play({ token: "stranger_key" });
  const refused = await goThere(world, anonymous, await start());
  expect(refused.status === 401, refused);

  provider.play({ sid: "contract-session", claims: { email: "an@example.vn" } });
  const link = (client) => client.request("POST", "/api/v1/me/identities", { body: { return_path: "/" } });
  const linked = await goThere(world, staff, await link(staff));
  expect(linked.status === 302 && linked.headers.location === "/", linked);
  const taken = await goThere(world, staff2, await link(staff2));
  expect(taken.status === 409, taken);
  const { items } = (await staff.get("/api/v1/me/identities")).json;
  expect(items.length === 1 && items[0].name === "an@example.vn", items);

  const enter = async () => {
    const entered = await goThere(world, anonymous, await start());
    expect(entered.status === 302 && entered.headers.location === "/he-thong", entered);
    return entered.headers["set-cookie"][0].split(";")[0];
  };
  const out = await anonymous.request("DELETE", "/api/v1/session", { headers: { Cookie: await enter() } });
  expect(out.status === 200 && out.json.sign_out_address.startsWith(provider.issuer()), out);
  const cookie = await enter();
  const post = (token) =>
    anonymous.request("POST", "/api/v1/session/oidc/backchannel-logout", {
      body: new URLSearchParams({ logout_token: token }).toString(),
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
  const ended = await post(provider.logoutToken({ sid: "contract-session" }));
  expect(ended.status === 204, ended);
  const after = await anonymous.get("/api/v1/me", { headers: { Cookie: cookie } });
  expect(after.status === 401, after);
  const unlinked = await staff.request("DELETE", `/api/v1/me/identities/${items[0].id}`);
  expect(unlinked.status === 204, unlinked);
}

// Invitation, activation, password, roles and the end of an account.
async function driveAccounts(world) {
  const { admin, anonymous } = world;
  const account = await world.newAccount();
  const path = `/api/v1/accounts/${account.id}`;
  await admin.post("/api/v1/accounts", world.accountBody({ username: account.username }));
  const token = account.link_path.split("#")[1];
  const check = await anonymous.request("POST", "/api/v1/activations/check", { body: { token } });
  expect(check.status === 200 && check.json.username === account.username, check);
  const unknown = { token: "A".repeat(43) };
  await anonymous.request("POST", "/api/v1/activations/check", { body: unknown });
  await anonymous.request("POST", "/api/v1/activations", { body: { ...unknown, password: "mua xuan den som" } });
  const weak = await anonymous.request("POST", "/api/v1/activations", { body: { token, password: "matkhau123" } });
  expect(weak.status === 422 && weak.json.errors.length >= 2, weak);
  const again = await admin.post(`${path}/memberships`, world.membershipBody());
  expect(again.status === 409, again);
  const membership = account.memberships[0].id;
  for (const status of [200, 409]) {
    const ended = await admin.post(`${path}/memberships/${membership}/end`, { document_number: "3/QĐ" });
    expect(ended.status === status, ended);
  }
  const act = async (name) => {
    const { etag } = await admin.get(path);
    return admin.request("POST", `${path}/${name}`, { headers: { "If-Match": etag, "Idempotency-Key": newKey() } });
  };
  for (const [name, status] of [["disable", 200], ["disable", 409], ["enable", 200], ["enable", 409], ["disable", 200]]) {
    const answer = await act(name);
    expect(answer.status === status, answer);
  }
  const refused = await admin.request("POST", `${path}/links`, { headers: { "Idempotency-Key": newKey() } });
  expect(refused.status === 409, refused);
  await act("enable");
  const link = await admin.request("POST", `${path}/links`, { headers: { "Idempotency-Key": newKey() } });
  expect(link.status === 201 && link.json.link_path.startsWith("/kich-hoat#"), link);

  const person = await world.newPerson();
  const change = (current, password) => person.client.request("PUT", "/api/v1/me/password", { body: { current, password } });
  const good = await change(person.password, "mot dem mua ha dai hon");
  expect(good.status === 204, good);
  for (let i = 0; i < 8; i++) if ((await change("sai", "lai mot dem mua khac")).status === 429) break;
  person.client.close();
}

async function driveAuthority(world) {
  const { admin } = world;
  // assignments and delegations: recorded, refused, ended, ended again
  for (const [name, body] of [["assignments", world.assignmentBody(await world.newOrganisation())], ["delegations", world.delegationBody(2)]]) {
    const made = await admin.post(`/api/v1/${name}`, body);
    expect(made.status === 201, made);
    const again = await admin.post(`/api/v1/${name}`, { ...body, document_number: "13/QĐ" });
    expect(again.status === 422, again);
    const end = { document_number: "14/QĐ", valid_to: today() };
    const ended = await admin.post(`/api/v1/${name}/${made.json.id}/end`, end, { headers: { "If-Match": made.etag } });
    expect(ended.status === 200 && ended.json.ended_document === "14/QĐ", ended);
  }
  const head = (await admin.get("/api/v1/assignments?kind=head&limit=1")).json.items[0];
  const post = await admin.post(`/api/v1/assignments/${head.id}/end`, { document_number: "1", valid_to: today() }, { headers: { "If-Match": `"${head.version}"` } });
  expect(post.status === 409, post);
  const over = (await admin.get("/api/v1/assignments?kind=specialised_unit&state=ended&limit=1")).json.items[0];
  await admin.post(`/api/v1/assignments/${over.id}/end`, { document_number: "1", valid_to: today() }, { headers: { "If-Match": `"${over.version}"` } });
  const yesterday = new Date(Date.now() - 17 * 3600e3).toISOString().slice(0, 10);
  const past = await admin.post("/api/v1/delegations", world.delegationBody(1, { valid_from: yesterday, valid_to: yesterday }));
  expect(past.status === 201 && past.json.state === "ended", past);
  const late = await admin.post(`/api/v1/delegations/${past.json.id}/end`, { document_number: "1", valid_to: yesterday }, { headers: { "If-Match": past.etag } });
  expect(late.status === 409, late);
}

// What is left: the good answer of each write, and the conflicts.
async function driveOwn(world, all) {
  const { staff, staff2, admin, appraiser, director, chairman, office } = world;
  const once = await world.signIn("office");
  await once.request("DELETE", "/api/v1/session");
  once.close();
  await world.anonymous.request("POST", "/api/v1/session", { body: { username: "office", password: "wrong" } });
  const signed = await world.anonymous.request("POST", "/api/v1/session", { body: { username: "office", password: world.passwords.office } });
  expect(signed.status === 201, signed);

  await driveFactors(world);
  await driveSignOn(world);

  await world.anonymous.request("POST", "/api/v1/classifications", { body: all.classification_create.body });
  await world.anonymous.request("POST", "/api/v1/classifications", { body: { ruleset: RULESET, facts: {} } });

  // organisations
  const organisation = await world.newOrganisation();
  await admin.post("/api/v1/organisations", world.organisationBody({ code: organisation.code }));
  const changed = await admin.request("PATCH", `/api/v1/organisations/${organisation.id}`, {
    body: { phone: "1" },
    headers: { "If-Match": `"${organisation.version}"` },
  });
  expect(changed.status === 200, changed);
  await staff.post("/api/v1/organisations", world.organisationBody());
  await driveChanges(world);

  await driveAccounts(world);
  await driveAuthority(world);

  // systems
  const system = await world.newSystem(staff, {
    contacts: [{ name: "Nguyễn Văn A", purpose: "technical" }],
    addresses: [{ kind: "domain", value: "a.example.vn" }],
    components: [{ name: "Máy chủ", kind: "hardware" }],
    units: [{ organisation_id: world.operator, duty: "Vận hành" }],
  });
  const patched = await staff.request("PATCH", `/api/v1/systems/${system.id}`, {
    body: { scope: "Toàn tỉnh" },
    headers: { "If-Match": `"${system.version}"` },
  });
  expect(patched.status === 200, patched);
  await staff.post("/api/v1/systems", world.systemBody({ operator_id: world.operator2 ?? NOBODYS_ID }));
  await staff2.request("PATCH", `/api/v1/systems/${system.id}`, { body: { scope: "" }, headers: { "If-Match": '"1"' } });
  await admin.request("PATCH", `/api/v1/systems/${system.id}`, { body: { scope: "" }, headers: { "If-Match": '"1"' } });

  // dossiers, through every state
  const states = {};
  for (const state of ["draft", "withdrawn", "submitted", "returned", "received", "appraised", "approved", "refused"]) {
    states[state] = await world.dossierIn(state);
  }
  await staff.post("/api/v1/dossiers", world.dossierBody(states.draft.systems[0].system));
  const levels = { systems: [{ system_id: states.draft.systems[0].system.id, proposed_level: 3, reason: "Quan trọng hơn" }] };
  const change = await staff.request("PATCH", `/api/v1/dossiers/${states.draft.id}`, {
    body: levels,
    headers: { "If-Match": `"${states.draft.version}"` },
  });
  expect(change.status === 200, change);
  for (const [method, path, body] of [
    ["PATCH", "", { systems: [{ system_id: states.received.systems[0].system.id, proposed_level: 2 }] }],
    ["PUT", `/items/${encodeURIComponent(states.received.items[0].item)}`, { content: "Sửa" }],
  ]) {
    const refused = await staff.request(method, `/api/v1/dossiers/${states.received.id}${path}`, {
      body,
      headers: { "If-Match": `"${states.received.version}"` },
    });
    expect(refused.status === 409, refused);
  }
  await world.step(staff, states.approved, { to: "draft" });
  await world.step(chairman, states.appraised, world.decision());
  await world.step(office, states.appraised, world.decision());

  // labels
  for (const state of ["requested", "granted", "refused", "withdrawn"]) states[`label ${state}`] = await world.labelIn(state);
  const requested = states["label requested"];
  await staff.post("/api/v1/labels", world.labelBody({ target: requested.target }));
  for (const [client, label, body] of [
    [appraiser, states["label withdrawn"], world.grant()],
    [director, requested, world.grant()],
    [staff, requested, { to: "granted" }],
  ]) {
    await client.post(`/api/v1/labels/${label.id}/transitions`, body, { headers: { "If-Match": `"${label.version}"` } });
  }

  // tokens: made, replaced, replaced again, revoked
  const token = (await world.newToken({ networks: ["127.0.0.0/8", "10.1.2.3"], days: 365 })).api_token;
  const rotate = () => admin.post(`/api/v1/tokens/${token.id}/rotate`, { days: 30, overlap_days: 2 }, { headers: { "If-Match": '"1"' } });
  expect((await rotate()).status === 201, "the token is not replaced");
  const revoked = await admin.request("POST", `/api/v1/tokens/${token.id}/revoke`);
  expect(revoked.status === 200 && revoked.json.state === "revoked", revoked);
  const over = await admin.post(`/api/v1/tokens/${token.id}/rotate`, {}, { headers: { "If-Match": revoked.etag } });
  expect(over.status === 409, over);

  // figures
  for (const view of ["by_level", "by_status", "by_organisation", "progress", "labels", "overdue"]) {
    await chairman.get(`/api/v1/stats/${view}`);
    await chairman.get(`/api/v1/stats/${view}?format=csv`);
  }
  await chairman.get("/api/v1/stats/by_level?format=xml");
  return states;
}

// Each role reads each thing there is, its own or not: whatever comes must be in the contract.
async function driveReads(world, contract, all, states) {
  const ids = {
    systems: [...new Set(Object.values(states).filter((thing) => thing.systems).map((thing) => thing.systems[0].system.id))],
    dossiers: Object.values(states).filter((thing) => thing.systems).map((thing) => thing.id),
    labels: Object.values(states).filter((thing) => thing.target).map((thing) => thing.id),
  };
  const item = all.dossier_item_get.path.split("/").pop();
  for (const name of NAMES) {
    const client = world[name];
    for (const row of contract.operations) {
      if (row.method !== "GET") continue;
      const kind = row.template.split("/")[3];
      if (row.template.includes("{id}") && ids[kind]) {
        for (const id of ids[kind]) {
          await client.get(row.template.replace("{id}", id).replace("{number}", "1").replace("{item}", item));
        }
      } else await client.get(all[row.id].path);
    }
    // Pages of every list, and every value of every filter that has a list of values.
    for (const row of contract.operations) {
      const parameters = row.operation.parameters ?? [];
      if (row.method !== "GET" || row.template.includes("{") || !parameters.some((p) => p.name === "cursor")) continue;
      await client.get(`${row.template}?limit=1&count=bounded`);
      if (name !== "office" && name !== "admin") continue;
      for (const p of parameters.filter((q) => q.in === "query")) {
        for (const value of p.schema.enum ?? p.schema.items?.enum ?? []) {
          await client.get(`${row.template}?limit=3&${p.name}=${encodeURIComponent(value)}`);
        }
      }
      await client.get(`${row.template}?limit=3&q=${encodeURIComponent("he thong")}`);
      await client.get(`${row.template}?limit=0`);
      await client.get(`${row.template}?limit=201`);
      await client.get(`${row.template}?cursor=AAAA`);
      await client.get(`${row.template}?sort=colour`);
    }
  }
}

async function driveTooManyAttempts(world) {
  for (let i = 0; i < 30; i++) {
    const answer = await world.anonymous.request("POST", "/api/v1/session", { body: { username: "office", password: `wrong ${i}` } });
    if (answer.status === 429) return;
  }
}

// What belongs to no operation.
async function driveOutside(world) {
  const { anonymous } = world;
  await anonymous.get("/api/v1/nothing");
  await anonymous.get("/api/v1/nothing", { headers: { "Accept-Language": "en" } });
  await anonymous.request("POST", "/api/v1/me");
  await anonymous.request("OPTIONS", "/api/v1/systems");
  await anonymous.get(`/api/v1/meta?${"x".repeat(3000)}`);
  await anonymous.request("PURGE", "/api/v1/systems");
  await anonymous.get("/api/v1/systems/%zz");
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`X-Many-${i}`, "1"]));
  await anonymous.get("/api/v1/meta", { headers: many });
}

export async function drive(world, contract) {
  const all = await subjects(world);
  for (const row of contract.operations) {
    const subject = all[row.id];
    expect(subject, `${row.id} is in the contract and nothing drives it: name it in lib/drive.mjs`);
    await driveShared(row, subject);
  }
  // The right that is missing, for everyone who lacks it.
  for (const row of contract.operations) {
    const right = row.operation["x-permission"];
    for (const name of NAMES) {
      const client = world[name];
      if (["public", "signing_in", "signed_in"].includes(right) || client.me.permissions.includes(right)) continue;
      const body = row.operation.requestBody ? JUNK : undefined;
      const headers = { "Idempotency-Key": newKey(), "If-Match": '"1"' };
      if (all[row.id].type) headers["Content-Type"] = all[row.id].type;
      const answer = await client.request(row.method, all[row.id].path, { body, headers });
      expect(answer.status === 403 && answer.json.missing_right === right, answer);
    }
  }
  // What a program is not given, and what only people do.
  const programs = [await world.program("dashboard"), await world.program("directory", { scopes: ["organisation.read"] })];
  for (const row of contract.operations) {
    const right = row.operation["x-permission"];
    if (right === "public") continue;
    for (const [at, scope] of ["stats.read", "organisation.read"].entries()) {
      if (right === scope && row.method === "GET") continue;
      const body = row.operation.requestBody ? JUNK : undefined;
      const answer = await programs[at].request(row.method, all[row.id].path, { body });
      expect(answer.status === 403, answer);
    }
  }
  for (const program of programs) program.close();
  const states = await driveOwn(world, all);
  await driveReads(world, contract, all, states);
  await driveOutside(world);
  await driveTooManyAttempts(world);
}
