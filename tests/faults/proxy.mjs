// The files of deploy/nginx/ in a real nginx in front of a real server: what a deployment's users meet.
// Only addresses, paths and the certificate are put in.
//
//   node proxy.mjs     under tests/support/server.sh run with `proxy_socket` and an https `public_origin`

import { execFileSync, spawn } from "node:child_process";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Report, expect } from "../contract/lib/report.mjs";
import { psql } from "../contract/lib/world.mjs";

const env = process.env;
const report = new Report();
const HOST = "capdo.example.vn";
const work = `${env.CAPDO_TEST_DIRECTORY}/nginx`;
const accounts = JSON.parse(readFileSync(env.CAPDO_TEST_ACCOUNTS, "utf8"));
const password = (username) => accounts.find((row) => row.username === username).password;

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

// A replacement that must happen: the files have changed when it does not.
function put(text, pattern, value) {
  expect(text.match(pattern), `the configuration has no ${pattern}`);
  return text.replace(pattern, value);
}

const plainPort = await freePort();
const securePort = await freePort();

function writeConfiguration() {
  const files = `${env.CAPDO_ROOT}/deploy/nginx`;
  let site = readFileSync(`${files}/capdo.conf`, "utf8");
  site = put(site, /^ *listen \[::\].*\n/gm, "");
  site = put(site, /listen 80;/, `listen 127.0.0.1:${plainPort};`);
  site = put(site, /listen 443 ssl http2;/, `listen 127.0.0.1:${securePort} ssl http2;`);
  site = put(site, /capdo\.example\.gov\.vn/g, HOST);
  site = put(site, /\/etc\/ssl\/capdo\//g, `${work}/`);
  site = put(site, /\/etc\/nginx\/capdo-proxy\.conf/g, `${files}/capdo-proxy.conf`);
  site = put(site, /unix:\/run\/capdo\/proxy\.sock/, `unix:${env.CAPDO_TEST_PROXY_SOCKET}`);
  mkdirSync(work);
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", `/CN=${HOST}`,
    "-addext", `subjectAltName=DNS:${HOST}`, "-keyout", `${work}/key.pem`, "-out", `${work}/fullchain.pem`], { stdio: "ignore" });
  writeFileSync(`${work}/site.conf`, site);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${work}/${name};`).join("\n");
  writeFileSync(`${work}/nginx.conf`, `daemon off; master_process off; pid ${work}/pid; error_log ${work}/error.log warn;
${process.getuid() === 0 ? "user root root;" : ""}
events { worker_connections 256; }
http { access_log off; ${places}
include ${work}/site.conf; }
`);
}

let nginx;

async function startNginx() {
  writeConfiguration();
  nginx = spawn("/usr/sbin/nginx", ["-e", `${work}/error.log`, "-c", `${work}/nginx.conf`], { stdio: ["ignore", "inherit", "inherit"] });
  for (let i = 0; i < 100; i++) {
    if (nginx.exitCode !== null) break;
    const up = await new Promise((resolve) => {
      const socket = net.connect(securePort, "127.0.0.1", () => resolve(socket.end() && true)).on("error", () => resolve(false));
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nginx did not start: ${readFileSync(`${work}/error.log`, "utf8")}`);
}

const agent = new https.Agent({ keepAlive: true, maxSockets: 32 });

function ask(method, path, { body, headers = {}, secure = true, host = HOST } = {}) {
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const sent = { Host: host, ...(bytes === undefined ? {} : { "Content-Type": "application/json", "Content-Length": bytes.length }), ...headers };
  const options = { host: "127.0.0.1", method, path, headers: sent };
  return new Promise((resolve, reject) => {
    const request = secure
      ? https.request({ ...options, port: securePort, agent, servername: HOST, ca: readFileSync(`${work}/fullchain.pem`), checkServerIdentity: () => undefined })
      : http.request({ ...options, port: plainPort, agent: false });
    request.on("response", (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(bytes);
  });
}

// Exactly these bytes, and the status of the answer.
function raw(text) {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = tls.connect({ port: securePort, host: "127.0.0.1", servername: HOST, rejectUnauthorized: false }, () => socket.write(text));
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("data", (part) => (answer += part));
    socket.on("close", () => resolve([...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((found) => Number(found[1]))));
    socket.on("error", reject);
  });
}

const signIn = (username, headers = {}) => ask("POST", "/api/v1/session", { body: { username, password: password(username) }, headers });
const count = (answer, name) => answer.raw.filter((word, i) => i % 2 === 0 && word.toLowerCase() === name).length;

try {
  await startNginx();

  await report.test("plain HTTP leads to HTTPS, with the same path", async () => {
    const answer = await ask("GET", "/api/v1/systems?limit=2", { secure: false });
    expect(answer.status === 308 && answer.headers.location === `https://${HOST}/api/v1/systems?limit=2`, `${answer.status} ${answer.headers.location}`);
  });

  await report.test("the site, the API and their errors: one HSTS each, no word about the proxy's version", async () => {
    for (const [path, status] of [["/", 200], ["/api/v1/meta", 200], ["/api/v1/me", 401], ["/api/v1/none", 404]]) {
      const answer = await ask("GET", path);
      expect(answer.status === status, `${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
      expect(count(answer, "strict-transport-security") === 1 && answer.headers["strict-transport-security"] === "max-age=63072000; includeSubDomains", `${path}: ${answer.headers["strict-transport-security"]}`);
      expect(!/\d/.test(answer.headers.server ?? ""), answer.headers.server);
      expect(count(answer, "x-request-id") === 1 && count(answer, "content-security-policy") <= 1, path);
    }
  });

  await report.test("signing in and reading, with a cookie that no other host can set", async () => {
    const answer = await signIn("office");
    const cookie = answer.headers["set-cookie"].find((one) => one.startsWith("__Host-sid="));
    expect(answer.status === 201 && /; Secure(;|$)/.test(cookie), `${answer.status} ${answer.text}`);
    const me = await ask("GET", "/api/v1/me", { headers: { Cookie: cookie.split(";")[0] } });
    expect(me.status === 200 && JSON.parse(me.text).username === "office", me.text);
  });

  await report.test("who the client is is what nginx saw, whatever the client says", async () => {
    const lies = { "X-Forwarded-For": "198.51.100.7", "X-Real-IP": "198.51.100.7", Forwarded: "for=198.51.100.7;proto=http", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example" };
    const answer = await signIn("office", lies);
    expect(answer.status === 201, `${answer.status} ${answer.text}`);
    const addresses = psql("SELECT DISTINCT address FROM capdo.session WHERE created_at > now() - interval '1 minute' AND method = 'password'");
    expect(addresses === "127.0.0.1", addresses);
  });

  await report.test("control: without nginx the same words are not believed either, and the address is the socket's", async () => {
    const answer = await new Promise((resolve, reject) => {
      const request = http.request(`${env.CAPDO_TEST_URL}/readyz`, { headers: { Host: HOST, "X-Forwarded-For": "198.51.100.7" } }, (response) => resolve(response.resume()));
      request.on("error", reject);
      request.end();
    });
    expect(answer.statusCode === 200, `${answer.statusCode}`);
  });

  await report.test("another host's name gets no answer of this one", async () => {
    const answer = await ask("GET", "/api/v1/meta", { host: "evil.example" });
    expect(answer.status >= 400 && answer.status < 500, `${answer.status}`);
  });

  await report.test("a request whose end two programs could see differently is refused, and nothing behind it is read", async () => {
    const head = `POST /api/v1/session HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/json\r\n`;
    const behind = `GET /api/v1/meta HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    for (const framing of [
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}  ",
      "Content-Length: +4\r\n\r\n{}  ",
      "Transfer-Encoding: identity\r\n\r\n",
      "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    ]) {
      const statuses = await raw(head + framing + behind);
      expect(statuses.length === 1 && (statuses[0] === 400 || statuses[0] === 501), `${JSON.stringify(framing)}: ${statuses}`);
    }
    const control = await raw(`${head}Content-Length: 2\r\n\r\n{}${behind.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")}`);
    expect(control.length === 2 && control[1] === 200, `control: ${control}`);
  });

  await report.test("bodies up to the server's own limit pass, larger ones are refused", async () => {
    const { cookie } = await signIn("admin").then((answer) => ({ cookie: (answer.headers["set-cookie"] ?? [""])[0].split(";")[0] }));
    const send = (bytes) => ask("POST", "/api/v1/organisations/import?mode=dry_run", { body: Buffer.alloc(bytes, 0x61), headers: { "Content-Type": "text/csv", Cookie: cookie, Origin: `https://${HOST}` } });
    const { routes } = JSON.parse(execFileSync(env.CAPDO_PROGRAM, ["routes"], { encoding: "utf8" }));
    const limit = Math.max(...routes.map((route) => route.body_bytes_max));
    const within = await send(limit - 1024);
    const beyond = await send(limit + 65536);
    expect(within.status !== 413 && within.headers["content-type"]?.startsWith("application/"), `${limit}: ${within.status} ${within.text.slice(0, 120)}`);
    expect(beyond.status === 413, `${beyond.status}`);
  });

  await report.test("connections to the server are let go of before the server does it", async () => {
    const idle = Number(readFileSync(`${env.CAPDO_ROOT}/server/base/limits.h`, "utf8").match(/LIMIT_IDLE_MS = (\d+)/)[1]);
    const kept = Number(readFileSync(`${env.CAPDO_ROOT}/deploy/nginx/capdo.conf`, "utf8").match(/keepalive 64;\n\s+keepalive_timeout (\d+)s;/)[1]) * 1000;
    expect(kept + 2000 <= idle, `nginx keeps ${kept} ms, the server ${idle} ms`);
  });

  await report.test("from one address at most so many sign-ins, with 429; reading goes on", async () => {
    const answers = [];
    for (let i = 0; i < 40 && answers.at(-1)?.status !== 429; i++) answers.push(await ask("POST", "/api/v1/session", { body: {} }));
    expect(answers.at(-1).status === 429, `${answers.map((answer) => answer.status)}`);
    expect((await ask("GET", "/api/v1/meta")).status === 200, "reading");
  });

  await report.test("nginx had nothing to complain about but what was refused", async () => {
    const lines = readFileSync(`${work}/error.log`, "utf8").split("\n").filter((line) => line !== "" && !/limiting requests|client sent|client intended to send too large body|user" directive|buffered to a temporary file/.test(line));
    expect(lines.length === 0, lines.slice(0, 3).join("\n"));
  });
} finally {
  agent.destroy();
  nginx?.kill("SIGTERM");
  rmSync(work, { recursive: true, force: true });
}
process.exit(report.end());
