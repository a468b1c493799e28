/* A person in front of the site, watched: whatever a page does wrong on the way fails the test. */
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Browser, type Locator, type Page } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { ORIGIN, session, signIn, type Role } from './api';
import { foreign, WORDS, type Language, type Words } from './words';

export { expect };

export const WIDE = 1280;
export const NARROW = 390;

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const GUIDE = process.env.CAPDO_GUIDE_SCREENSHOTS === '1';
const PICTURES = new URL(GUIDE ? '../../../docs/images/' : '../../../build/e2e/images/', import.meta.url);
const LOOKS = process.env.CAPDO_E2E_LOOKS;

export interface Options {
  language?: Language;
  width?: number;
  scheme?: 'light' | 'dark';
  /* A session of its own, for tests that end it. */
  fresh?: boolean;
  /* Another name of the same server: passkeys belong to a name, not to an address. */
  origin?: string;
}

interface Violation {
  directive: string;
  blocked: string;
  sample: string;
}

export class Visitor {
  readonly faults: string[] = [];
  readonly violations: Violation[] = [];
  private readonly expected: number[] = [];
  private slow = 0;
  private readonly elsewhere: string[] = [];

  constructor(readonly page: Page, readonly language: Language, readonly width: number,
    private readonly origin: string) {}

  get t(): Words {
    return WORDS[this.language];
  }

  /* An answer of this status is part of the test, and the browser's note of it no fault. */
  expectStatus(...status: number[]): void {
    this.expected.push(...status);
  }

  /* The way of this test leads over another site. */
  mayVisit(origin: string): void {
    this.elsewhere.push(origin);
  }

  /* What other sites do on their own pages is not ours to judge. */
  private isElsewhere(): boolean {
    return this.elsewhere.some((origin) => this.page.url().startsWith(origin));
  }

  async watch(): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.faults.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' || this.isElsewhere()) {
        return;
      }
      const status = Number(/responded with a status of (\d+)/.exec(message.text())?.[1] ?? '0');
      /* On a busy machine the 200 ms of a quick read may pass once; the site asks again by itself. */
      if (status === 503 && this.slow++ === 0) {
        return;
      }
      if (!this.expected.includes(status)) {
        this.faults.push(`console error: ${message.text()} ${message.location().url}`);
      }
    });
    page.on('request', (request) => {
      const known = [this.origin, ...this.elsewhere].some((origin) => request.url().startsWith(origin));
      if (!known && /^https?:/.test(request.url()) && !this.isElsewhere()) {
        this.faults.push(`a request left the site: ${request.url()}`);
      }
    });
    await page.exposeBinding('__violated', (_source, violation: Violation) => {
      this.violations.push(violation);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        void (window as unknown as { __violated(violation: object): void }).__violated({
          directive: event.effectiveDirective, blocked: event.blockedURI, sample: event.sample,
        });
      });
    });
  }

  async go(path: string): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  /* The page has its heading and waits for nothing. */
  async ready(): Promise<void> {
    await this.page.locator('h1').first().waitFor();
    await expect(this.page.locator('.skeleton, [aria-busy="true"]')).toHaveCount(0);
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
  }

  async title(title: string | RegExp): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toContainText(title);
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  link(name: string) {
    return this.page.getByRole('link', { name, exact: true });
  }

  group(name: string) {
    return this.page.getByRole('group', { name });
  }

  /* Every state of a page: accessible in light and dark, in one language, no wider than the window.
   * The test goes on, so that one run tells all. */
  async look(state: string): Promise<void> {
    expect.soft(await this.faultsOf(state), `${state}, ${this.language}, ${this.width} px`).toEqual([]);
  }

  async faultsOf(state: string): Promise<string[]> {
    const { page } = this;
    await this.ready();
    const found = [...await this.overflow(), ...await this.untranslated()];
    const before = page.viewportSize();
    await this.unroll();
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.waitForFunction((wanted) =>
        document.documentElement.getAttribute('data-mantine-color-scheme') === wanted, scheme);
      const faults = await this.accessible(scheme === 'light' ? TAGS : null);
      found.push(...faults.map((one) => `${scheme}: ${one}`));
      if (LOOKS !== undefined) {
        mkdirSync(LOOKS, { recursive: true });
        const name = `${state}-${this.language}-${this.width}-${scheme}`.replace(/[^\p{L}\d-]+/gu, '_');
        await page.screenshot({ path: `${LOOKS}/${name}.png` });
      }
    }
    if (before !== null) {
      await page.setViewportSize(before);
    }
    return found;
  }

  /* What stays in sight while one scrolls lies over other text, and hides its background from axe:
   * in a window as high as the page, with its inner windows open, everything is at its own place. */
  private async unroll(): Promise<void> {
    await this.page.evaluate(() => {
      for (const element of document.querySelectorAll<HTMLElement>('main *')) {
        if (element.scrollHeight > element.clientHeight + 1 && getComputedStyle(element).overflowY === 'auto') {
          element.style.maxHeight = 'none';
        }
      }
    });
    for (let round = 0; round < 2; round += 1) {
      const height = await this.page.evaluate(() => document.documentElement.scrollHeight);
      await this.page.setViewportSize({ width: this.width, height: Math.max(height, 844) });
    }
  }

  /* All rules of WCAG 2.2 AA; the contrast alone when no tags are given. Doubtful contrast counts. */
  async accessible(tags: string[] | null): Promise<string[]> {
    const { page } = this;
    await page.evaluate(() => Promise.all(document.getAnimations()
      .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
      .map((one) => one.finished.catch(() => null))));
    const builder = new AxeBuilder({ page }).setLegacyMode(true);
    for (const above of ['dialog', 'menu', 'listbox']) {
      if (await page.getByRole(above as 'dialog').count() > 0) {
        builder.include(`[role="${above}"]`);
        break;
      }
    }
    const result = await (tags === null ? builder.withRules(['color-contrast']) : builder.withTags(tags)).analyze();
    const doubtful = result.incomplete.filter((one) => one.id === 'color-contrast');
    return [...result.violations, ...doubtful].flatMap((rule) => rule.nodes.map((node) =>
      `${rule.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? node.failureSummary ?? ''}`));
  }

  private async untranslated(): Promise<string[]> {
    const texts = await this.page.evaluate(() => {
      const all: string[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (parent !== null && parent.closest('[lang]:not(html), script, style, noscript') === null) {
          all.push((node.textContent ?? '').trim());
        }
      }
      for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
        for (const name of ['aria-label', 'placeholder', 'title']) {
          all.push(element.getAttribute(name) ?? '');
        }
      }
      return all;
    });
    const wrong = new Set(foreign(this.language));
    return [...new Set(texts)].filter((text) => wrong.has(text)).map((text) => `untranslated: ${text}`);
  }

  async overflow(): Promise<string[]> {
    const [content, window] = await this.page.evaluate(() =>
      [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
    return content > window ? [`horizontal scroll: ${content} px in ${window} px`] : [];
  }

  /* A picture for the guide: Vietnamese, under a fixed name, from the top of the page or where it
   * shows what matters. */
  async picture(name: string, what?: Locator): Promise<void> {
    if (this.language !== 'vi') {
      return;
    }
    await this.ready();
    await this.page.evaluate(() => window.scrollTo(0, 0));
    await what?.evaluate((element) => element.scrollIntoView({ block: 'end' }));
    mkdirSync(PICTURES, { recursive: true });
    const cdp = await this.page.context().newCDPSession(this.page);
    const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
    writeFileSync(new URL(`${name}.webp`, PICTURES), Buffer.from(data, 'base64'));
    await cdp.detach();
    if (LOOKS !== undefined) {
      mkdirSync(LOOKS, { recursive: true });
      await this.page.screenshot({ path: `${LOOKS}/guide-${name}.png` });
    }
  }

  async end(): Promise<void> {
    await this.page.context().close();
  }
}

export type Visit = (role: Role | null, options?: Options) => Promise<Visitor>;

async function open(browser: Browser, role: Role | null, options: Options): Promise<Visitor> {
  const { language = 'vi', width = WIDE, scheme = 'light', fresh = false, origin = ORIGIN } = options;
  const context = await browser.newContext({
    baseURL: origin, viewport: { width, height: width < 700 ? 844 : 860 }, colorScheme: scheme,
    reducedMotion: 'reduce', timezoneId: 'Asia/Ho_Chi_Minh', locale: language === 'vi' ? 'vi-VN' : 'en-GB',
  });
  if (role !== null) {
    const value = fresh ? await signIn(role) : await session(role);
    await context.addCookies([{ name: 'sid', value, url: origin, httpOnly: true, sameSite: 'Lax' }]);
  }
  await context.addInitScript((chosen) => {
    if (localStorage.getItem('capdo.language') === null) {
      localStorage.setItem('capdo.language', chosen);
    }
  }, language);
  const visitor = new Visitor(await context.newPage(), language, width, origin);
  await visitor.watch();
  return visitor;
}

export const test = base.extend<{ visit: Visit }>({
  visit: async ({ browser }, use) => {
    const visitors: Visitor[] = [];
    await use(async (role, options = {}) => {
      const visitor = await open(browser, role, options);
      visitors.push(visitor);
      return visitor;
    });
    const faults = visitors.flatMap((one) => one.faults);
    const violations = visitors.flatMap((one) => one.violations);
    for (const visitor of visitors) {
      await visitor.end();
    }
    expect(faults, 'page errors and console errors').toEqual([]);
    expect(violations, 'violations of the content security policy').toEqual([]);
  },
});

/* Every flow in both languages, one of them on a narrow screen. */
export const SETTINGS: { language: Language; width: number }[] = [
  { language: 'vi', width: WIDE },
  { language: 'en', width: NARROW },
];

export function named({ language, width }: { language: Language; width: number }): string {
  return `${language}, ${width} px`;
}
