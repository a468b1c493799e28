// The demo province as the suites use it: everyone signed in, and ways to make systems, dossiers
// and labels in the state a test needs, by the API alone.

import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client } from "./http.mjs";
import { expect } from "./report.mjs";

export const NAMES = ["staff", "staff2", "appraiser", "director", "chairman", "office", "admin"];
export const NOBODYS_ID = "01900000-0000-7000-8000-000000000000";
export const RULESET = "vn-331-2026";

export function today() {
  return new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);
}

// One statement as the superuser of the test's database.
export function psql(text) {
  const options = { encoding: "utf8", input: text, maxBuffer: 1 << 26 };
  return execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", process.env.CAPDO_TEST_SUPERUSER_URL], options).trim();
}

// The same of a psql that stays open, for what is asked thousands of times; answers come in order.
export class Psql {
  #child = spawn("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", process.env.CAPDO_TEST_SUPERUSER_URL], { stdio: ["pipe", "pipe", "inherit"] });
  #mark = randomBytes(12).toString("hex");
  #waiting = [];
  #said = "";

  constructor() {
    this.#child.stdout.setEncoding("utf8").on("data", (text) => this.#hear(text));
    this.#child.once("exit", (status) => this.#waiting.splice(0).forEach(({ reject, text }) => reject(new Error(`psql ended with ${status}: ${text}`))));
  }

  ask(text) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, text });
      this.#child.stdin.write(`${text}\n;\\echo ${this.#mark}\n`);
    });
  }

  close() {
    this.#child.stdin.end();
  }

  #hear(text) {
    this.#said += text;
    for (let at; (at = this.#said.indexOf(`${this.#mark}\n`)) >= 0; ) {
      this.#waiting.shift().resolve(this.#said.slice(0, at).trim());
      this.#said = this.#said.slice(at + this.#mark.length + 1);
    }
  }
}

// A session opened in the database itself, its second factor as fresh as can be: a test that is not
// about signing in needs no code, and none is used up.
export function openSession(username) {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  psql(`SELECT capdo.session_open((SELECT id FROM capdo.account WHERE username = '${username}'), '\\x${hash}', 43200, 5, 'password', false, true, '', '');
    UPDATE capdo.session SET factor_at = now() + interval '1 day' WHERE token_sha256 = '\\x${hash}'`);
  return token;
}

let serial = 0;

export class World {
  static async open({ base = process.env.CAPDO_TEST_URL, accounts = process.env.CAPDO_TEST_ACCOUNTS, recorder = null, names = NAMES } = {}) {
    const world = new World();
    world.base = base;
    const rows = JSON.parse(readFileSync(accounts, "utf8"));
    world.passwords = Object.fromEntries(rows.map((row) => [row.username, row.password]));
    world.secrets = Object.fromEntries(rows.map((row) => [row.username, row.totp_secret]));
    // Where passkeys of this server work.
    world.site = { origin: base.replace("127.0.0.1", "localhost"), rpId: "localhost" };
    world.recorder = recorder;
    world.anonymous = new Client(base, { recorder });
    world.people = {};
    for (const name of names) world.people[name] = await world.signIn(name);
    Object.assign(world, world.people);
    await world.#look();
    return world;
  }

  async signIn(name) {
    const client = new Client(this.base, { recorder: this.recorder });
    client.cookie = `sid=${openSession(name)}`;
    client.name = name;
    client.me = (await client.get("/api/v1/me")).json;
    return client;
  }

  tokenBody(more = {}) {
    return { organisation_id: this.operator, name: `Chương trình thử ${++serial}`, reach: "unit", scopes: ["stats.read"], ...more };
  }

  async newToken(more = {}) {
    const made = await this.admin.post("/api/v1/tokens", this.tokenBody(more));
    expect(made.status === 201, made);
    return made.json;
  }

  // A program with a token of its own, or with several alike where it asks more than one of them may.
  async program(name, more = {}, count = 1) {
    const client = new Client(this.base, { recorder: this.recorder });
    client.tokens = [];
    while (client.tokens.length < count) client.tokens.push((await this.newToken(more)).token);
    client.name = name;
    return client;
  }

  close() {
    for (const client of [this.anonymous, ...Object.values(this.people)]) client.close();
  }

  async #look() {
    if (!this.staff) return;
    this.operator = this.staff.me.capacities[0].organisation.id;
    const systems = (await this.staff.get("/api/v1/systems?limit=200&ruleset=" + RULESET)).json.items;
    const two = systems.find((row) => row.computed_level === 2 && row.operator.id === this.operator);
    expect(two, "the demo has no level-2 system of the first staff account");
    this.governing = two.governing.id;
    this.facts = (await this.staff.get(`/api/v1/systems/${two.id}`)).json.facts[RULESET];
    if (this.staff2) {
      this.operator2 = this.staff2.me.capacities[0].organisation.id;
      expect(this.operator2 !== this.operator, "both staff accounts are of one unit");
    }
  }

  systemBody(more = {}) {
    return {
      governing_id: this.governing,
      operator_id: this.operator,
      name: `Hệ thống thử ${++serial}`,
      ruleset: RULESET,
      facts: { [RULESET]: this.facts },
      ...more,
    };
  }

  async newSystem(client = this.staff, more = {}) {
    const operator_id = client === this.staff2 ? this.operator2 : this.operator;
    const made = await client.post("/api/v1/systems", this.systemBody({ operator_id, ...more }));
    expect(made.status === 201, made);
    return made.json;
  }

  dossierBody(system, level = 2, reason = undefined) {
    return { ruleset: RULESET, systems: [{ system_id: system.id, proposed_level: level, reason }] };
  }

  async newDossier(client = this.staff, { system = null, level = 2, reason = undefined } = {}) {
    const of = system ?? (await this.newSystem(client));
    const made = await client.post("/api/v1/dossiers", this.dossierBody(of, level, reason));
    expect(made.status === 201, made);
    return made.json;
  }

  // Gives every item that is not complete a content, a number and a date.
  async complete(client, dossier) {
    let now = dossier;
    for (const item of dossier.items.filter((row) => !row.complete)) {
      const body = { content: item.content || "Nội dung kèm theo", document_number: "01/QĐ", document_date: today() };
      const put = await client.request("PUT", `/api/v1/dossiers/${dossier.id}/items/${encodeURIComponent(item.item)}`, {
        body,
        headers: { "If-Match": `"${now.version}"` },
      });
      expect(put.status === 200, put);
      now = put.json;
    }
    return now;
  }

  step(client, dossier, body, headers = {}) {
    return client.post(`/api/v1/dossiers/${dossier.id}/transitions`, body, {
      headers: { "If-Match": `"${dossier.version}"`, ...headers },
    });
  }

  async take(client, dossier, body) {
    const answer = await this.step(client, dossier, body);
    expect(answer.status === 200, answer);
    return answer.json;
  }

  decision(to = "approved") {
    return { to, number: `${++serial}/QĐ-TEST`, date: today(), reason: "Theo kết quả thẩm định" };
  }

  // A dossier of the first staff account in the wanted state.
  async dossierIn(state, options = {}) {
    let dossier = await this.newDossier(this.staff, options);
    if (state === "draft") return dossier;
    if (state === "withdrawn") return this.take(this.staff, dossier, { to: "withdrawn", reason: "Lập lại" });
    dossier = await this.complete(this.staff, dossier);
    dossier = await this.take(this.staff, dossier, { to: "submitted" });
    if (state === "submitted") return dossier;
    if (state === "returned") return this.take(this.appraiser, dossier, { to: "returned", reason: "Bổ sung sơ đồ" });
    dossier = await this.take(this.appraiser, dossier, { to: "received" });
    if (state === "received") return dossier;
    dossier = await this.take(this.appraiser, dossier, { to: "appraised", conclusion: "suitable", method: "written", reason: "Phù hợp" });
    if (state === "appraised") return dossier;
    const approver = options.level === 3 ? this.chairman : this.director;
    return this.take(approver, dossier, this.decision(state));
  }

  labelBody(more = {}) {
    return {
      type: "website",
      target: `trang-${++serial}.bacninh.example.vn`,
      governing_id: this.governing,
      operator_id: this.operator,
      grade: "basic",
      ...more,
    };
  }

  async newLabel(client = this.staff, more = {}) {
    const operator_id = client === this.staff2 ? this.operator2 : this.operator;
    const made = await client.post("/api/v1/labels", this.labelBody({ operator_id, ...more }));
    expect(made.status === 201, made);
    return made.json;
  }

  grant() {
    return { to: "granted", issuer: "Trung tâm cấp nhãn", granted_on: "2026-01-05", expires_on: "2028-01-05" };
  }

  async labelIn(state) {
    const label = await this.newLabel();
    if (state === "requested") return label;
    const body = { granted: this.grant(), refused: { to: "refused", reason: "Không đạt" }, withdrawn: { to: "withdrawn" } }[state];
    const client = state === "withdrawn" ? this.staff : this.appraiser;
    const answer = await client.post(`/api/v1/labels/${label.id}/transitions`, body, { headers: { "If-Match": `"${label.version}"` } });
    expect(answer.status === 200, answer);
    return answer.json;
  }

  accountBody(more = {}) {
    return { username: `thu.${Date.now().toString(36)}.${++serial}`, display_name: `Người thử ${serial}`, ...more };
  }

  membershipBody(more = {}) {
    return { organisation_id: this.operator, role: "staff", document_number: `${++serial}/QĐ-THU`, ...more };
  }

  // Invited, with a role; not activated.
  async newAccount(more = {}) {
    const made = await this.admin.post("/api/v1/accounts", this.accountBody({ memberships: [this.membershipBody()], ...more }));
    expect(made.status === 201, made);
    return made.json;
  }

  // Invited, activated by its owner, and signed in.
  async newPerson(more = {}) {
    const account = await this.newAccount(more);
    const password = `mua xuan ${account.username} den som`;
    const token = account.link_path.split("#")[1];
    const answer = await this.anonymous.request("POST", "/api/v1/activations", { body: { token, password } });
    expect(answer.status === 204, answer);
    return { account, password, client: await this.signIn(account.username) };
  }

  organisationBody(more = {}) {
    return { code: `T-${Date.now().toString(36)}-${++serial}`, name: `Đơn vị thử ${serial}`, kind: "centre", ...more };
  }

  importFile() {
    const { code, name } = this.organisationBody();
    return `code,name,kind\n${code},"${name}",centre\n`;
  }

  renaming() {
    return { kind: "renamed", effective_on: today(), document_number: "12/QĐ-UBND", name: `Tên mới ${++serial}` };
  }

  // The unit of the first staff account serves a new governing body.
  assignmentBody(governing, more = {}) {
    return { kind: "specialised_unit", governing_id: governing.id, organisation_id: this.operator, document_number: `${++serial}/QĐ-UBND`, valid_from: today(), ...more };
  }

  async newAssignment(more = {}) {
    const made = await this.admin.post("/api/v1/assignments", this.assignmentBody(await this.newOrganisation(), more));
    expect(made.status === 201, made);
    return made.json;
  }

  delegationBody(level = 5, more = {}) {
    return {
      governing_id: this.governing,
      organisation_id: this.operator,
      powers: [{ act: "approve_plan", level }],
      scope: "Phê duyệt phương án",
      document_number: `${++serial}/QĐ-UBND`,
      valid_from: today(),
      valid_to: today(),
      ...more,
    };
  }

  async newDelegation(level = 4, more = {}) {
    const made = await this.admin.post("/api/v1/delegations", this.delegationBody(level, more));
    expect(made.status === 201, made);
    return made.json;
  }

  async newOrganisation(more = {}) {
    const made = await this.admin.post("/api/v1/organisations", this.organisationBody(more));
    expect(made.status === 201, made);
    return made.json;
  }
}
