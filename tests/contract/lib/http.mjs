// One HTTP client for the suites: node:http with keep-alive, so that a test can send what a browser
// would not, and a list of every exchange for whoever wants to hold it against the contract.

import http from "node:http";
import { randomBytes } from "node:crypto";

const REQUEST_MS = 20000;

export function newKey() {
  return `t-${randomBytes(12).toString("hex")}`;
}

export class Client {
  constructor(base, { recorder = null, sockets = 8 } = {}) {
    this.base = new URL(base);
    this.recorder = recorder;
    // The server closes idle connections after 15 s; the client lets go of them before.
    this.agent = new http.Agent({ keepAlive: true, maxSockets: sockets, timeout: 8000 });
    this.cookie = null;
    this.tokens = null; // API tokens, instead of a session; used in turn, as each alone is throttled
    this.turn = 0;
    this.name = "anonymous";
  }

  // body: undefined, a Buffer or string sent as it is, or a value sent as JSON.
  // As a program should: a read that was too slow for the moment is asked again. On a busy machine
  // the 200 ms of the quick lane pass without anything being wrong.
  async request(method, path, options = {}) {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(method, path, options);
      if (method !== "GET" || answer.status !== 503 || answer.code !== "too_slow" || attempt === 6) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }

  once(method, path, { body, headers = {}, timeout = REQUEST_MS } = {}) {
    const raw = typeof body === "string" || Buffer.isBuffer(body);
    const bytes = body === undefined ? null : raw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
    const sent = { ...headers };
    if (bytes !== null) {
      sent["Content-Length"] = bytes.length;
      if (!("Content-Type" in sent)) sent["Content-Type"] = "application/json";
      if (sent["Content-Type"] === null) delete sent["Content-Type"];
    }
    if (this.cookie !== null && !("Cookie" in sent)) sent.Cookie = this.cookie;
    if (this.tokens !== null && !("Authorization" in sent)) sent.Authorization = `Bearer ${this.tokens[this.turn++ % this.tokens.length]}`;
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const request = http.request(
        { host: this.base.hostname, port: this.base.port, method, path, headers: sent, agent: this.agent, timeout },
        (response) => {
          const parts = [];
          response.on("data", (part) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            const exchange = {
              who: this.name,
              method,
              path,
              sent,
              sentBody: bytes,
              status: response.statusCode,
              headers: response.headers,
              body: Buffer.concat(parts),
              ms: performance.now() - begun,
            };
            this.recorder?.push(exchange);
            resolve(new Answer(exchange));
          });
        },
      );
      request.on("timeout", () => request.destroy(new Error(`no answer in ${timeout} ms: ${method} ${path}`)));
      request.on("error", reject);
      request.end(bytes ?? undefined);
    });
  }

  get(path, options) {
    return this.request("GET", path, options);
  }

  // A POST that creates or decides carries a key of its own.
  post(path, body, { headers = {}, ...rest } = {}) {
    return this.request("POST", path, { body, headers: { "Idempotency-Key": newKey(), ...headers }, ...rest });
  }

  // As a browser: what the answer sets is sent from now on.
  follow(answer) {
    this.cookie = answer.headers["set-cookie"][0].split(";")[0];
    return answer;
  }

  // The real way, by password and, where one is asked for, by code.
  async signIn(username, password, code = undefined) {
    const answer = await this.request("POST", "/api/v1/session", { body: { username, password, code }, headers: { Cookie: "" } });
    if (answer.status !== 201) throw new Error(`sign-in of ${username}: ${answer}`);
    this.follow(answer);
    this.name = username;
    this.me = answer.json;
    return this;
  }

  close() {
    this.agent.destroy();
  }
}

export class Answer {
  constructor(exchange) {
    Object.assign(this, exchange);
  }

  get text() {
    return this.body.toString("utf8");
  }

  get json() {
    return JSON.parse(this.text);
  }

  get etag() {
    return this.headers.etag;
  }

  get code() {
    return this.headers["content-type"]?.startsWith("application/problem+json") ? this.json.code : undefined;
  }

  toString() {
    return `${this.method} ${this.path} by ${this.who}: ${this.status} ${this.text.slice(0, 300)}`;
  }
}

// Runs fn(item, index) for all items, `width` at a time; rejects with the first failure.
export async function pool(items, width, fn) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await fn(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
