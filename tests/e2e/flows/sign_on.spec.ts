/* Single sign-on through a real identity provider: linking an identity, signing in with it, signing
 * out on both sides, and a provider that is down. */
import type { Server } from 'node:http';
import type { Page } from '@playwright/test';
import { password, psql } from '../support/api';
import { PROVIDER, startProvider, stopProvider } from '../support/provider';
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';

const LABEL = 'Cổng định danh tỉnh';
let server: Server;

test.beforeAll(async () => {
  server = await startProvider();
});
test.afterAll(async () => {
  await stopProvider(server);
});

/* The provider's own page: any name is taken. */
async function identify(page: Page, name: string): Promise<void> {
  await page.waitForURL(`${PROVIDER}/interaction/**`);
  await page.locator('[name=login]').fill(name);
  await page.locator('[name=password]').fill('any');
  await page.locator('button[type=submit]').first().click();
  await page.waitForURL((url) => !url.href.includes('/login'));
  /* Asked once for each person and installation. */
  if (page.url().startsWith(`${PROVIDER}/interaction/`)) {
    await page.getByRole('button', { name: 'Continue' }).click();
  }
}

async function signInThere(guest: Visitor, name: string): Promise<void> {
  await guest.page.getByRole('link', { name: guest.t.signOn.button(LABEL) }).click();
  await identify(guest.page, name);
}

for (const setting of SETTINGS) {
  const person = `an.${setting.language}.${setting.width}`;

  test(`an identity is linked, signs in, and is unlinked: ${named(setting)}`, async ({ visit }) => {
    const owner = await visit('staff2', { ...setting, fresh: true });
    owner.mayVisit(PROVIDER);
    const { t } = owner;
    await owner.go('/tai-khoan-cua-toi');
    await expect(owner.page.getByText(t.signOn.none)).toBeVisible();
    await owner.look('my account, nothing linked');
    await owner.button(t.signOn.link).click();
    await identify(owner.page, person);
    await owner.page.waitForURL('**/tai-khoan-cua-toi');
    await expect(owner.page.getByText(`${person}@bacninh.example.vn`)).toBeVisible();
    await owner.look('my account, an identity linked');

    const guest = await visit(null, setting);
    guest.mayVisit(PROVIDER);
    guest.expectStatus(401);
    await guest.go('/he-thong?level=2');
    await guest.title(t.session.signIn);
    await expect(guest.page.getByRole('link', { name: t.signOn.button(LABEL) })).toBeVisible();
    await guest.look('sign-in with single sign-on');
    await signInThere(guest, person);
    await guest.page.waitForURL('**/he-thong?level=2');
    await guest.title(t.system.list);

    /* Unlinked: the session that it opened is over at its next request. */
    await owner.button(t.signOn.unlinkNamed(`${person}@bacninh.example.vn`)).click();
    await owner.look('unlinking, asked twice');
    await owner.page.getByRole('dialog').getByRole('button', { name: t.signOn.unlink, exact: true }).click();
    await expect(owner.page.getByText(t.signOn.none)).toBeVisible();
    await guest.page.goto('/he-thong');
    await guest.title(t.session.signIn);
    /* The provider still knows the person and asks nothing. */
    await guest.page.getByRole('link', { name: t.signOn.button(LABEL) }).click();
    await guest.page.waitForURL(/\/dang-nhap\?tiep=%2Fhe-thong&sso=identity_unknown$/);
    await expect(guest.page.getByRole('alert')).toContainText(t.signOn.failed.identity_unknown);
    await guest.look('an identity that is not linked');
  });
}

/* As the owner would have done it. */
function link(username: string, subject: string): void {
  psql(`INSERT INTO capdo.account_identity (id, account_id, issuer, subject, linked_by)
    SELECT gen_random_uuid(), id, '${PROVIDER}', '${subject}', id FROM capdo.account WHERE username = '${username}'`);
}

test('signing out here signs out there', async ({ visit }) => {
  link('office', 'binh');
  const guest = await visit(null);
  const { page, t } = guest;
  guest.mayVisit(PROVIDER);
  guest.expectStatus(401);
  await guest.go('/dang-nhap');
  await signInThere(guest, 'binh');
  await guest.title(t.home.title);
  await page.getByRole('button', { name: t.shell.account }).click();
  await page.getByRole('menuitem', { name: t.session.signOut }).click();
  await page.waitForURL(`${PROVIDER}/session/end**`);
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.waitForURL('**/dang-nhap**');
  await guest.title(t.session.signIn);
  /* The provider asks for the name again: nobody is signed in there. */
  await page.getByRole('link', { name: t.signOn.button(LABEL) }).click();
  await page.waitForURL(`${PROVIDER}/interaction/**`);
  await expect(page.locator('[name=login]')).toBeVisible();
});

test('signing out there ends the session here', async ({ visit }) => {
  link('office', 'chi');
  const guest = await visit(null);
  const { page, t } = guest;
  guest.mayVisit(PROVIDER);
  guest.expectStatus(401);
  await guest.go('/dang-nhap');
  await signInThere(guest, 'chi');
  await guest.title(t.home.title);
  await page.goto(`${PROVIDER}/session/end`);
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.waitForURL(`${PROVIDER}/session/end/success**`);
  await page.goto('/he-thong');
  await guest.title(t.session.signIn);
});

test('who has a second factor here shows it after single sign-on', async ({ visit }) => {
  link('director', 'dung');
  const guest = await visit(null);
  const { page, t } = guest;
  guest.mayVisit(PROVIDER);
  guest.expectStatus(401, 403);
  await guest.go('/dang-nhap?tiep=%2Fho-so');
  await signInThere(guest, 'dung');
  await expect(page.getByRole('heading', { name: t.factor.title })).toBeVisible();
  await guest.look('second factor after single sign-on');
  await page.goto('/ho-so');
  await guest.title(t.session.signIn);
});

test('the provider is down: a page says so, and the password still works', async ({ visit }) => {
  const guest = await visit(null);
  const { page, t } = guest;
  guest.mayVisit(PROVIDER);
  guest.expectStatus(401);
  await stopProvider(server);
  try {
    await guest.go('/dang-nhap');
    /* The address is known from before; the browser finds nobody there. */
    const answer = await page.request.get('/api/v1/session/oidc', { maxRedirects: 0 });
    expect([302, 503]).toContain(answer.status());
    await page.goto('/dang-nhap?sso=identity_provider_down');
    await expect(page.getByRole('alert')).toContainText(t.signOn.failed.identity_provider_down);
    await guest.look('the provider is down');
    await page.getByLabel(t.session.username).fill('office');
    await page.getByRole('textbox', { name: t.session.password }).fill(password('office'));
    await guest.button(t.session.submit).click();
    await guest.title(t.home.title);
  } finally {
    server = await startProvider();
  }
});
