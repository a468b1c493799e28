// Counts what passed and failed and prints the last line that tests/run reads.

export class Report {
  constructor(quiet = false) {
    this.passed = 0;
    this.failed = 0;
    this.quiet = quiet;
  }

  say(text) {
    if (!this.quiet) console.log(text);
  }

  check(name, ok, detail = "") {
    if (ok) {
      this.passed++;
      this.say(`ok      ${name}`);
    } else {
      this.failed++;
      this.say(`FAILED  ${name}${detail === "" ? "" : `: ${detail}`}`);
    }
    return ok;
  }

  // One test made of many findings: none is a pass.
  none(name, findings) {
    const distinct = [...new Set(findings)];
    return this.check(name, distinct.length === 0, `${distinct.length}\n  ${distinct.slice(0, 40).join("\n  ")}`);
  }

  async test(name, fn) {
    try {
      const detail = await fn();
      return this.check(detail ? `${name} (${detail})` : name, true);
    } catch (error) {
      return this.check(name, false, error.stack?.split("\n").slice(0, 3).join(" | ") ?? String(error));
    }
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

export function expect(condition, message) {
  if (!condition) throw new Error(typeof message === "function" ? message() : String(message));
}
