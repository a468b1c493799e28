"""Measures what tests/bench/run has started and prints the table. Every comparison is made in the same
round, one after the other, and repeated in turns; the table shows medians and the spread of rounds."""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

CLIENTS = 64
CONNECTIONS = 8  # to PostgreSQL: event threads of Capdo, pool of Fastify, clients of pgbench
FORMAT = re.compile(r"HH24:MI:SS")
PAGE = "/api/v1/systems?limit=25&approval_status=approved&sort=-updated_at"
STATS = "/api/v1/stats/by_level"
HEAVY = ["by_level", "by_status", "by_organisation", "progress", "labels", "overdue"]
HEAVY_CLIENTS = 12
QUICK_RATE = 2000
WRITE_RATE = 20
SIGN_IN_RATE = 6  # a second, so that five can be seen to be kept
SIGN_IN_CLIENTS = 4  # at most so many of one name at once: more would be counted as guesses
SIGN_IN_PAIRS = 5  # alone and beside, in turns, for each round
IDLE_S = "1800"


def say(words):
    print("bench:", words, file=sys.stderr, flush=True)


class Target:
    """One size of the register: its server, its accounts, its files."""

    def __init__(self, options, size, port):
        self.options, self.size, self.port = options, size, port
        self.database = f"capdo_{size}"
        self.base = f"http://127.0.0.1:{port}"
        self.fastify = []

    def path(self, name):
        return os.path.join(self.options.data, f"{self.database}.{name}")

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def psql(self, sql):
        command = ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.options.data,
                   "-U", self.options.superuser, "-d", self.database, "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def call(self, method, path, cookie=None, body=None, headers=None, port=None):
        request = urllib.request.Request(f"http://127.0.0.1:{port or self.port}{path}", method=method)
        if cookie:
            request.add_header("Cookie", cookie)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, dict(answer.headers), answer.read()

    def need(self, method, path, **more):
        status, headers, body = self.call(method, path, **more)
        if status not in (200, 201):
            raise SystemExit(f"bench: {method} {path} answered {status}: {body[:500]!r}")
        return headers, json.loads(body)

    def wait(self, port, path="/readyz"):
        until = time.time() + 60
        while time.time() < until:
            try:
                if self.call("GET", path, port=port)[0] < 500:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit(f"bench: nothing answers on port {port}")

    def accounts(self):
        with open(self.path("accounts.json"), encoding="utf-8") as file:
            return json.load(file)

    def sign_in(self, who):
        password = next(a["password"] for a in self.accounts() if a["username"] == who)
        headers, _ = self.need("POST", "/api/v1/session", body={"username": who, "password": password})
        return headers["Set-Cookie"].split(";")[0]

    def prepare(self):
        self.wait(self.port)
        self.office, self.staff = self.sign_in("office"), self.sign_in("staff")
        ids = self.psql("SELECT id FROM capdo.system ORDER BY random() LIMIT 2000").split()
        self.ids = ids
        one = [f"/api/v1/systems/{i}" for i in ids]
        self.one = self.write("one.paths", "\n".join(one) + "\n")
        self.page = self.write("page.paths", PAGE + "\n")
        self.stats = self.write("stats.paths", STATS + "\n")
        self.health = self.write("health.paths", "/healthz\n")
        self.mixed = self.write("mixed.paths", "\n".join(p for o in one for p in (o, PAGE)) + "\n")
        # Complete with the password alone, since no code works twice; and not those who read, whose session
        # would be the oldest of five.
        self.sign_ins = self.write("sign_in.bodies", "".join(
            json.dumps({"username": a["username"], "password": a["password"]}) + "\n"
            for a in self.accounts() if not a.get("totp_secret") and a["username"] not in ("office", "staff")))
        self.heavy = self.write("heavy.paths", "".join(f"/api/v1/stats/{v}\n" for v in HEAVY))
        self.own_systems()
        self.statements()

    def own_systems(self):
        """One system for each client that writes; the same ones when the data is used again."""
        _, page = self.need("GET", "/api/v1/systems?limit=1", cookie=self.staff)
        like = page["items"][0]
        body = {"name": "Hệ thống thử tải", "governing_id": like["governing"]["id"],
                "operator_id": like["operator"]["id"], "ruleset": like["ruleset"], "facts": {}}
        self.post = self.write("post.json", json.dumps(body) + "\n")
        own = []
        for i in range(CLIENTS):
            headers, _ = self.need("POST", "/api/v1/systems", cookie=self.staff, body=body,
                                   headers={"Idempotency-Key": f"bench-own-system-{i}"})
            own.append(headers["Location"])
        self.own = self.write("own.paths", "\n".join(own) + "\n")

    def statements(self):
        """What the server really sends, as PostgreSQL saw it: nothing to keep in step by hand."""
        def last(path, pattern):
            self.need("GET", path, cookie=self.office)
            found = self.psql(
                "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND "
                f"application_name = 'capdo' AND query LIKE '{pattern}' ORDER BY query_start DESC LIMIT 1")
            if not found.strip():
                raise SystemExit(f"bench: no statement like {pattern} was seen for {path}")
            return found.strip()

        self.sql = {
            "idle_s": IDLE_S,
            "get": last(f"/api/v1/systems/{self.ids[0]}", "SELECT s.id, s.id%"),
            "page": last(PAGE, "SELECT (s.updated_at)%"),
            "begin_as": last("/api/v1/meta", "%capdo.begin_as(%")
        }
        self.write("sql.json", json.dumps(self.sql, indent=1))

    def start_fastify(self):
        """Twice: as pg is used by default, and with its option to send without waiting."""
        for pipeline in (0, 1):
            port = self.port + 1 + pipeline
            environment = dict(os.environ, FASTIFY_PORT=str(port), FASTIFY_SOCKET=self.options.data,
                               FASTIFY_DATABASE=self.database, FASTIFY_SQL=self.path("sql.json"),
                               FASTIFY_PIPELINE=str(pipeline), NODE_ENV="production")
            with open(self.path(f"fastify{pipeline}.log"), "w", encoding="utf-8") as log:
                self.fastify.append(subprocess.Popen(["node", self.options.fastify], env=environment,
                                                     stdout=log, stderr=log, stdin=subprocess.DEVNULL))
            self.wait(port, "/")
            for path in (f"/api/v1/systems/{self.ids[0]}", PAGE):
                self.compare(path, port)

    def compare(self, path, port):
        _, ours = self.need("GET", path, cookie=self.office)
        _, theirs = self.need("GET", path, cookie=self.office, port=port)
        for answer in (ours, theirs):
            for member in ("data_version", "next", "count"):
                answer.pop(member, None)
        if ours != theirs:
            raise SystemExit(f"bench: Fastify answers {path} differently:\n{ours}\n{theirs}")

    def token(self):
        import hashlib
        return "\\x" + hashlib.sha256(self.office.split("=", 1)[1].encode()).hexdigest()

    def pgbench_scripts(self):
        """The statements as pgbench takes them: $1 becomes a variable, so it stays a parameter."""
        def bound(sql, names):
            # pgbench would take ":MI" in a time format for a variable.
            sql = FORMAT.sub(r"HH24\\003AMI\\003ASS", sql.replace("'YYYY-MM", "U&'YYYY-MM"))
            for number in range(len(names), 0, -1):
                sql = sql.replace(f"${number}", f":{names[number - 1]}")
            return sql

        begin = bound(self.sql["begin_as"], ["token", "idle"])
        variables = ["-D", f"token={self.token()}", "-D", f"idle={IDLE_S}", "-D", "status={approved}"]
        page = self.write("page.pgbench", f"\\startpipeline\n{begin};\n"
                          f"{bound(self.sql['page'], ['status'])};\n\\endpipeline\n")
        scripts = {"page": (["-f", page], variables), "one": ([], list(variables))}
        # Few: each is a statement of its own, planned five times by each connection.
        for i in range(8):
            name = self.write(f"one{i}.pgbench", f"\\startpipeline\n{begin};\n"
                              f"{bound(self.sql['get'], [f'id{i}'])};\n\\endpipeline\n")
            scripts["one"][0].extend(["-f", name])
            scripts["one"][1].extend(["-D", f"id{i}={self.ids[i]}"])
        self.scripts = scripts

    # ---- measurements: each returns a dictionary with rps and latencies in microseconds

    def wrk(self, paths, port=None, headers=(), cookie=True):
        command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{self.options.seconds}s", "-s", self.options.wrk]
        if cookie:
            command += ["-H", f"Cookie: {self.office}"]
        for header in headers:
            command += ["-H", header]
        command += [f"http://127.0.0.1:{port or self.port}", "--", paths]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        result = json.loads(re.search(r"^RESULT (.*)$", output, re.M).group(1))
        if result["errors"]:
            say(f"{result['errors']} of {result['answers']} answers were errors: {paths} on {port or self.port}")
        return result

    def pgbench(self, row):
        scripts, variables = self.scripts[row]
        environment = dict(os.environ, PGOPTIONS="-c statement_timeout=200 -c default_transaction_read_only=on "
                           "-c jit=off -c timezone=UTC -c datestyle=ISO")
        command = [self.options.pgbench, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T",
                   str(self.options.seconds), "-h", self.options.data, "-U", "capdo_rt", *variables, *scripts,
                   self.database]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.M)
        if done.returncode != 0 or not found:
            raise SystemExit(f"bench: pgbench failed: {done.stderr[-800:]}")
        return {"rps": float(found.group(1))}

    def load_command(self, *more, seconds=None):
        return [self.options.load, "--port", str(self.port), "--seconds", str(seconds or self.options.seconds),
                "--cookie", self.office, *map(str, more)]

    def mixed_run(self):
        command = self.load_command("--connections", CLIENTS, "--paths", self.mixed, "--patch", self.own,
                                    "--write-cookie", self.staff, "--patch-percent", 4, "--post", self.post,
                                    "--post-percent", 1)
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        complain(result, {"200", "201"}, "mixed")
        return {"rps": result["rps"], "p50_us": result["all"]["p50_us"], "p99_us": result["all"]["p99_us"],
                "write_p99_us": result["writes"]["p99_us"], "read_p99_us": result["reads"]["p99_us"]}

    def heavy_run(self, heavy=True):
        """Quick reads at a fixed rate, alone or beside 12 clients whose answers no memory can give."""
        seconds = self.options.seconds
        beside = []
        if heavy:
            beside = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in (
                self.load_command("--connections", HEAVY_CLIENTS, "--paths", self.heavy, "--warm", 1,
                                  seconds=seconds),
                self.load_command("--connections", 8, "--paths", self.one, "--patch", self.own, "--write-cookie",
                                  self.staff, "--patch-percent", 100, "--rate", WRITE_RATE, "--warm", 1,
                                  seconds=seconds))]
            time.sleep(0.5)
        command = self.load_command("--connections", CLIENTS, "--paths", self.mixed, "--rate", QUICK_RATE,
                                    "--warm", 0.5, seconds=seconds)
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        others = [json.loads(p.communicate()[0]) for p in beside]
        complain(result, {"200"}, "quick reads beside heavy queries")
        return {"rps": result["rps"], "p50_us": result["all"]["p50_us"], "p99_us": result["all"]["p99_us"],
                "heavy_rps": others[0]["rps"] if others else 0,
                "heavy_p50_us": others[0]["all"]["p50_us"] if others else 0}

    def reads(self, rate, beside):
        """Reads as fast as 64 clients get them, or at a fixed rate; beside sign-ins or alone."""
        seconds = self.options.seconds
        signing = None
        if beside:
            signing = subprocess.Popen(
                [self.options.load, "--port", str(self.port), "--seconds", str(seconds), "--warm", "1",
                 "--connections", str(SIGN_IN_CLIENTS), "--rate", str(SIGN_IN_RATE), "--sign-in", self.sign_ins],
                stdout=subprocess.PIPE, text=True)
            time.sleep(0.5)
        command = self.load_command("--connections", CLIENTS, "--paths", self.mixed, "--warm", 0.5,
                                    *(("--rate", rate) if rate else ()))
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        complain(result, {"200"}, "reads beside sign-ins")
        cell = {"rps": result["rps"], "p50_us": result["all"]["p50_us"], "p99_us": result["all"]["p99_us"]}
        if signing:
            signed = json.loads(signing.communicate()[0])
            complain(signed, {"201"}, "sign-ins beside reads")
            cell["sign_ins"] = signed["statuses"].get("201", 0) / signed["seconds"]
            cell["sign_in_p50_us"] = signed["all"]["p50_us"]
            cell["sign_in_p99_us"] = signed["all"]["p99_us"]
        return cell

    def sign_in_runs(self, figures):
        for kind, rate in (("full", 0), ("steady", QUICK_RATE)):
            for _ in range(SIGN_IN_PAIRS):
                figures.add(self.size, {f"{kind} alone": self.reads(rate, False),
                                        f"{kind} beside": self.reads(rate, True)})


def complain(result, good, what):
    bad = {s: n for s, n in result["statuses"].items() if s not in good}
    if bad or result["errors"]:
        say(f"{what}: answers {bad}, errors {result['errors']}")


def measure(target, only, figures):
    """One round at one size: {cell: result}; sign-ins are measured in pairs of their own."""
    cells = {}
    if "sign_in" in only:
        target.sign_in_runs(figures)
    if "one" in only:
        cells["one"] = target.wrk(target.one)
        cells["one fastify"] = target.wrk(target.one, port=target.port + 1)
        cells["one pipelined"] = target.wrk(target.one, port=target.port + 2)
        cells["one pgbench"] = target.pgbench("one")
    if "page" in only:
        cells["page"] = target.wrk(target.page)
        cells["page fastify"] = target.wrk(target.page, port=target.port + 1)
        cells["page pipelined"] = target.wrk(target.page, port=target.port + 2)
        cells["page pgbench"] = target.pgbench("page")
    if "stats" in only:
        headers, _ = target.need("GET", STATS, cookie=target.office)
        cells["stats 304"] = target.wrk(target.stats, headers=[f"If-None-Match: {headers['ETag']}"])
        cells["stats 200"] = target.wrk(target.stats)
    cells["nosql"] = target.wrk(target.health, cookie=False)
    if "mixed" in only:
        cells["mixed"] = target.mixed_run()
    if "heavy" in only:
        cells["quick alone"] = target.heavy_run(heavy=False)
        cells["quick heavy"] = target.heavy_run()
    return cells


class Figures:
    def __init__(self):
        self.values = {}  # (size, cell, figure) -> [one for each round]

    def add(self, size, cells):
        for cell, result in cells.items():
            for figure, value in result.items():
                self.values.setdefault((size, cell, figure), []).append(value)

    def rounds(self, size, cell, figure="rps"):
        return self.values.get((size, cell, figure), [])

    def median(self, size, cell, figure="rps"):
        values = self.rounds(size, cell, figure)
        return statistics.median(values) if values else None

    def ratios(self, size, above, below, figure="rps"):
        """Of the rounds, each with its own neighbour."""
        return [a / b for a, b in zip(self.rounds(size, above, figure), self.rounds(size, below, figure)) if b]


def number(value):
    return "–" if value is None else f"{value:,.0f}"


def spread(values):
    if len(values) < 2:
        return ""
    middle = statistics.median(values)
    return f" ±{(max(values) - min(values)) / 2 / middle * 100:.0f}%" if middle else ""


def millis(value):
    return "–" if value is None else f"{value / 1000:.1f}"


def verdict(met):
    return "met" if met else "MISSED"


def aim(words, values, least=None, most=None, unit="x"):
    middle = statistics.median(values)
    scale = 100 if unit == "%" else 1
    shown = f"{middle * scale:,.2f}{unit}" if unit == "x" else f"{middle * scale:,.1f}{unit}"
    met = middle >= least if least is not None else middle <= most
    return f"{words}: {shown} {verdict(met)}"


def table(figures, sizes, only):
    rows = []

    def row(name, size, cell, kind=None, aims=()):
        rps = figures.rounds(size, cell)
        if not rps:
            return
        p99 = figures.rounds(size, cell, "p99_us")
        rows.append([name, f"{size:,}", number(statistics.median(rps)) + spread(rps),
                     millis(statistics.median(p99)) if p99 else "–",
                     *(number(figures.median(size, f"{kind} {other}")) if kind else "–"
                       for other in ("fastify", "pipelined", "pgbench")),
                     number(figures.median(size, "nosql")), "; ".join(aims)])

    for size in sizes:
        if "one" in only:
            row("one row", size, "one", "one", [
                aim(">= 4x Fastify", figures.ratios(size, "one", "one fastify"), least=4),
                f"{statistics.median(figures.ratios(size, 'one', 'one pipelined')):.2f}x pipelined"])
    for size in sizes:
        if "page" in only:
            aims = [aim(">= 5x Fastify", figures.ratios(size, "page", "page fastify"), least=5),
                    aim(">= 50% pgbench", figures.ratios(size, "page", "page pgbench"), least=0.5, unit="%"),
                    f"{statistics.median(figures.ratios(size, 'page', 'page pipelined')):.2f}x pipelined"]
            if size == sizes[-1] and len(sizes) > 1:
                cost = [a / b for a, b in zip(figures.rounds(sizes[0], "page"), figures.rounds(size, "page"))]
                aims.append(aim(f"cost <= 1.5x of {sizes[0]:,}", cost, most=1.5))
            row("page of 25", size, "page", "page", aims)
    for size in sizes:
        if "stats" in only:
            for status in ("304", "200"):
                row(f"cached stats {status}", size, f"stats {status}", aims=[
                    aim(">= 70% of no SQL", figures.ratios(size, f"stats {status}", "nosql"), least=0.7, unit="%")])
    for size in sizes:
        if "mixed" in only:
            row("mixed 95/5", size, "mixed", aims=[
                aim(">= 5,000/s", figures.rounds(size, "mixed"), least=5000, unit="/s"),
                aim("p99 <= 50 ms", [v / 1000 for v in figures.rounds(size, "mixed", "p99_us")], most=50,
                    unit=" ms")])
    for size in sizes:
        if "heavy" in only:
            row(f"quick at {QUICK_RATE:,}/s alone", size, "quick alone")
            row("… beside 12 heavy", size, "quick heavy", aims=[
                aim("p99 <= 10 ms", [v / 1000 for v in figures.rounds(size, "quick heavy", "p99_us")], most=10,
                    unit=" ms"),
                f"p50 {millis(figures.median(size, 'quick heavy', 'p50_us'))} ms",
                f"heavy {number(figures.median(size, 'quick heavy', 'heavy_rps'))}/s of "
                f"{millis(figures.median(size, 'quick heavy', 'heavy_p50_us'))} ms"])
    for size in sizes:
        for kind, name in (("full", f"reads of {CLIENTS} clients"), ("steady", f"reads at {QUICK_RATE:,}/s")):
            if "sign_in" not in only:
                break
            slower = figures.ratios(size, f"{kind} beside", f"{kind} alone", "p99_us")
            row(f"{name} alone", size, f"{kind} alone")
            row(f"… beside {SIGN_IN_RATE} sign-ins/s", size, f"{kind} beside", aims=[
                aim(">= 5 sign-ins/s", figures.rounds(size, f"{kind} beside", "sign_ins"), least=5, unit="/s"),
                aim("p99 of reads <= 1.2x", slower, most=1.2)
                + f" (pairs {min(slower):.2f} to {max(slower):.2f})",
                f"a sign-in p50 {millis(figures.median(size, f'{kind} beside', 'sign_in_p50_us'))} ms, "
                f"p99 {millis(figures.median(size, f'{kind} beside', 'sign_in_p99_us'))} ms"])
    return rows


def show(rows):
    head = ["", "systems", "capdo req/s", "p99 ms", "Fastify req/s", "pipelined", "pgbench tps", "no SQL req/s", "aim"]
    widths = [max(len(r[i]) for r in [head, *rows]) for i in range(len(head))]
    for r in [head, ["-" * w for w in widths], *rows]:
        print("| " + " | ".join(c.ljust(w) if i in (0, len(r) - 1) else c.rjust(w)
                                for i, (c, w) in enumerate(zip(r, widths))) + " |")


def main():
    parser = argparse.ArgumentParser()
    for name in ("data", "systems", "load", "superuser", "pgbench", "fastify", "wrk", "only"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("port", "seconds", "rounds"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    sizes = [int(s) for s in options.systems.split()]
    only = options.only.split()
    targets = [Target(options, size, options.port + 3 * i) for i, size in enumerate(sizes)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures = Figures()
    loads = []
    try:
        for target in targets:
            target.prepare()
            if options.only != "sign_in":
                target.start_fastify()
                target.pgbench_scripts()
        if options.serve:
            for target in targets:
                print(f"{target.size}: {target.base} cookie '{target.office}' paths {target.path('*.paths')}",
                      flush=True)
            signal.pause()
        for i in range(options.rounds):
            for target in targets:
                loads.append(os.getloadavg()[0])
                figures.add(target.size, measure(target, only, figures))
                say(f"round {i + 1} of {options.rounds}, {target.size} systems: done")
    finally:
        for target in targets:
            for process in target.fastify:
                process.terminate()
                process.wait()
    print(f"{CLIENTS} keep-alive clients, {options.seconds} s each, median of {options.rounds} rounds "
          f"(± half the range); {os.cpu_count()} processors, load before each round "
          f"{min(loads):.1f} to {max(loads):.1f}")
    show(table(figures, sizes, only))
    with open(os.path.join(options.data, "figures.json"), "w", encoding="utf-8") as file:
        json.dump([[*k, v] for k, v in figures.values.items()], file)


if __name__ == "__main__":
    main()
