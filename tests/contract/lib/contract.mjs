// An exchange held against schema/openapi.json: operation, status, media type, headers and body.
// Bodies are validated by Ajv (JSON Schema 2020-12) in strict mode.

import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

// What the shared layer may answer to any operation; stated in the description of the contract.
export const SHARED = ["413", "414", "429", "431", "500", "503"];
const NOT_ROUTED = ["400", "403", "404", "405", "414", "431", "501", "503"];
// What every answer of the API tells the browser.
const GUARDS = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
};
const HEADERS = ["etag", "location", "set-cookie", "link", "retry-after", "www-authenticate", "content-encoding"];
const MAY_BE_ABSENT = ["link", "retry-after"];

const escape = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

// Vietnamese unless English is preferred.
function languageOf(accept) {
  const weight = { vi: 0, en: 0 };
  for (const part of accept.split(",")) {
    const [range, q] = part.trim().toLowerCase().split(";q=");
    const name = range.split("-")[0];
    if (name in weight) weight[name] = Math.max(weight[name], q === undefined ? 1 : Number(q));
  }
  return weight.en > weight.vi ? "en" : "vi";
}

export class Contract {
  constructor(root) {
    this.document = JSON.parse(readFileSync(`${root}/schema/openapi.json`, "utf8"));
    this.problems = new Map(
      JSON.parse(readFileSync(`${root}/schema/problems.json`, "utf8")).problems.map((row) => [row.code, row]),
    );
    this.ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, validateFormats: true });
    addFormats(this.ajv);
    this.ajv.addVocabulary(["openapi", "info", "servers", "security", "paths", "components"]);
    this.ajv.addSchema(this.document, "contract");
    this.operations = [];
    for (const [template, methods] of Object.entries(this.document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        this.operations.push({
          id: operation.operationId,
          method: method.toUpperCase(),
          template,
          pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
          operation,
        });
      }
    }
    // A path without placeholders is meant before one with.
    this.operations.sort((a, b) => a.template.split("{").length - b.template.split("{").length);
    this.seen = new Map();
  }

  byId(id) {
    return this.operations.find((row) => row.id === id);
  }

  match(method, path) {
    const bare = path.split("?")[0];
    return this.operations.find((row) => row.method === (method === "HEAD" ? "GET" : method) && row.pattern.test(bare));
  }

  // Every operation and status the contract documents: ["system_get 200", …].
  pairs() {
    return this.operations.flatMap((row) => Object.keys(row.operation.responses).map((status) => `${row.id} ${status}`));
  }

  unseen() {
    return this.pairs().filter((pair) => !this.seen.has(pair));
  }

  #response(row, status) {
    const direct = row.operation.responses[status];
    if (direct?.$ref) {
      const name = direct.$ref.split("/").pop();
      return { response: this.document.components.responses[name], pointer: `/components/responses/${escape(name)}` };
    }
    return { response: direct, pointer: `/paths/${escape(row.template)}/${row.method.toLowerCase()}/responses/${status}` };
  }

  #schema(pointer) {
    return this.ajv.getSchema(`contract#${encodeURI(pointer)}`);
  }

  #problem(exchange, found) {
    const problem = JSON.parse(exchange.body.toString("utf8"));
    const known = this.problems.get(problem.code);
    if (!known) found(`code ${problem.code} is not in schema/problems.json`);
    else {
      if (known.status !== exchange.status) found(`${problem.code} with status ${exchange.status}`);
      const title = known.title[languageOf(exchange.sent["Accept-Language"] ?? "")];
      if (problem.title !== title) found(`title "${problem.title}" is not "${title}"`);
    }
    if (problem.status !== exchange.status) found(`member status is ${problem.status}`);
    if (problem.type !== `/problems/${problem.code}`) found(`type ${problem.type}`);
    if (problem.trace_id !== exchange.headers["x-request-id"]) found("trace_id is not X-Request-Id");
  }

  // What is wrong with the exchange, as sentences.
  check(exchange) {
    const status = String(exchange.status);
    const row = this.match(exchange.method, exchange.path);
    const findings = [];
    const found = (text) => findings.push(`${exchange.method} ${row?.template ?? exchange.path} ${status}: ${text}`);

    if (!exchange.headers["x-request-id"]) found("no X-Request-Id");
    if (status === "500") found(`internal error at ${exchange.path} ${exchange.body.toString("utf8").slice(0, 200)}`);
    let media = row ? null : { "application/problem+json": {} };
    let pointer = "/components/responses/Problem";
    let documented = this.document.components.responses.Problem.headers;
    if (!row) {
      if (!NOT_ROUTED.includes(status)) found("no operation has this path");
      documented = { ...documented, Allow: {} };
    } else {
      const own = this.#response(row, status);
      if (own.response) {
        this.seen.set(`${row.id} ${status}`, (this.seen.get(`${row.id} ${status}`) ?? 0) + 1);
        media = own.response.content ?? null;
        pointer = own.pointer;
        documented = own.response.headers ?? {};
      } else if (SHARED.includes(status)) {
        media = this.document.components.responses.Problem.content;
      } else {
        found(`status is not documented: ${exchange.body.toString("utf8").slice(0, 300)}`);
        return findings;
      }
    }
    this.#checkHeaders(exchange, documented, found);
    this.#checkBody(exchange, media, pointer, found);
    return findings;
  }

  #checkHeaders(exchange, documented, found) {
    const names = Object.keys(documented).map((name) => name.toLowerCase());
    for (const name of HEADERS) {
      if (exchange.headers[name] !== undefined && !names.includes(name)) found(`header ${name} is not documented`);
    }
    const problem = exchange.status >= 400;
    for (const name of names) {
      if (!problem && !MAY_BE_ABSENT.includes(name) && exchange.headers[name] === undefined) {
        found(`documented header ${name} is absent`);
      }
    }
    for (const [name, wanted] of Object.entries(GUARDS)) {
      if (exchange.headers[name] !== wanted) found(`${name} is ${exchange.headers[name]}`);
    }
    for (const name of Object.keys(exchange.headers)) {
      if (/^access-control-|^server$|^x-powered-by$/.test(name)) found(`header ${name} is sent`);
    }
    if (exchange.body.length > 0 && !/; charset=utf-8$/.test(exchange.headers["content-type"] ?? "")) found("a body without charset");
    if (exchange.status === 405 && !exchange.headers.allow) found("405 without Allow");
    if (exchange.status === 429 && !exchange.headers["retry-after"]) found("429 without Retry-After");
    if (exchange.headers.etag !== undefined && !/^"[^"]+"$/.test(exchange.headers.etag)) found("the ETag is not strong");
  }

  #checkBody(exchange, media, pointer, found) {
    const type = (exchange.headers["content-type"] ?? "").split(";")[0];
    if (media === null) {
      if (exchange.body.length > 0) found("a body where none is documented");
      return;
    }
    if (!(type in media)) {
      found(`media type "${type}" is not documented`);
      return;
    }
    if (exchange.method === "HEAD") {
      if (exchange.body.length > 0) found("HEAD with a body");
      return;
    }
    if (!type.endsWith("json")) return;
    let value;
    try {
      value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(exchange.body));
    } catch (error) {
      found(`the body is not JSON: ${error.message}`);
      return;
    }
    const validate = this.#schema(`${pointer}/content/${escape(type)}/schema`);
    if (validate && !validate(value)) {
      for (const error of validate.errors.slice(0, 5)) {
        found(`${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);
      }
    } else if (!validate) found("no schema");
    if (type === "application/problem+json") this.#problem(exchange, found);
  }
}
