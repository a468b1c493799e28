/* The second factor: signing in with it, registering it, and the question over a page that needs a
 * fresh one. Passkeys by Chromium's virtual authenticator. */
import type { CDPSession, Page } from '@playwright/test';
import { code, LOCALHOST, makeAppraised, nextCode, password, psql } from '../support/api';
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';
import { unique } from '../support/words';

interface Authenticator {
  cdp: CDPSession;
  id: string;
}

async function authenticator(page: Page, verifies = true): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: verifies, automaticPresenceSimulation: true,
    },
  });
  return { cdp, id: authenticatorId };
}

/* A new account with the role of a demo account, its password known, without any factor. */
function newcomer(role: string): { username: string; password: string } {
  const username = `e2e-${Math.random().toString(36).slice(2, 10)}`;
  psql(`WITH a AS (INSERT INTO capdo.account (id, username, display_name, password_hash)
      SELECT gen_random_uuid(), '${username}', 'Người thử ${role}', password_hash FROM capdo.account WHERE username = '${role}'
      RETURNING id)
    INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from)
      SELECT gen_random_uuid(), a.id, m.organisation_id, m.role, m.valid_from FROM a, capdo.membership m
      JOIN capdo.account d ON d.id = m.account_id WHERE d.username = '${role}'`);
  return { username, password: password(role as 'staff') };
}

async function typePassword(guest: Visitor, username: string, secret: string): Promise<void> {
  const { page, t } = guest;
  await page.getByLabel(t.session.username).fill(username);
  await page.getByRole('textbox', { name: t.session.password }).fill(secret);
  await guest.button(t.session.submit).click();
}

for (const setting of SETTINGS) {
  test(`an approver signs in with password and code: ${named(setting)}`, async ({ visit }) => {
    const guest = await visit(null, setting);
    const { page, t } = guest;
    guest.expectStatus(401, 403);
    const role = setting.language === 'vi' ? 'director' : 'chairman';
    await guest.go('/ho-so');
    await typePassword(guest, role, password(role));
    await expect(page.getByRole('heading', { name: t.factor.title })).toBeVisible();
    await guest.look('second factor');
    await guest.button(t.factor.submit).click();
    await expect(page.getByText(t.factor.needCode)).toBeVisible();
    await page.getByLabel(t.factor.code).fill('000000');
    await guest.button(t.factor.submit).click();
    await expect(page.getByRole('alert').filter({ hasText: /./ })).toContainText(t.factor.wrong);
    await guest.look('second factor, refused');
    await page.getByLabel(t.factor.code).fill(await nextCode(role));
    await guest.button(t.factor.submit).click();
    await guest.title(t.dossier.list);
    // Half signed in is not signed in: the page behind is not shown.
    await page.getByRole('button', { name: t.shell.account }).click();
    await page.getByRole('menuitem', { name: t.session.signOut }).click();
    await guest.title(t.session.signIn);
    await typePassword(guest, role, password(role));
    await expect(page.getByRole('heading', { name: t.factor.title })).toBeVisible();
    await page.goto('/ho-so');
    await guest.title(t.session.signIn);
  });

  test(`an app, recovery codes and sessions of a new director: ${named(setting)}`, async ({ visit }) => {
    const person = newcomer('director');
    const guest = await visit(null, setting);
    const { page, t } = guest;
    guest.expectStatus(401, 422);
    await guest.go('/');
    await typePassword(guest, person.username, person.password);
    await guest.title(t.home.title);
    await expect(page.getByText(t.factor.bannerTitle)).toBeVisible();
    await guest.look('asked to enrol');
    await guest.link(t.factor.goEnrol).click();
    await guest.title(t.me.title);
    await expect(page.getByText(t.me.wantedTitle(2))).toBeVisible();
    await guest.look('my account, nothing yet');
    await guest.button(t.me.appAdd).click();
    const mine = page.getByRole('region', { name: t.me.app, exact: true }).getByRole('textbox', { name: t.me.password });
    await mine.fill('không phải');
    await guest.button(t.me.appAdd).click();
    await expect(mine).toHaveAccessibleDescription(/Mật khẩu chưa đúng|not right/);
    await guest.look('wrong password');
    await mine.fill(person.password);
    await guest.button(t.me.appAdd).click();
    await expect(page.getByRole('img', { name: t.me.appScanLabel })).toBeVisible();
    await guest.look('scan');
    const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
    await page.getByLabel(t.me.appFirst).fill(code(secret));
    await guest.button(t.me.appConfirm).click();
    await expect(page.getByText(t.me.wantedTitle(1))).toBeVisible();
    await guest.button(t.me.recoveryMake).click();
    await expect(page.locator('.recovery-codes li')).toHaveCount(10);
    await guest.look('recovery codes');
    const first = await page.locator('.recovery-codes li').first().innerText();
    await guest.button(t.me.done).click();
    await expect(page.getByText(t.me.recoveryLeft(10))).toBeVisible();

    // The app is the only factor: it stays.
    guest.expectStatus(409);
    await guest.button(t.me.appRemove).click();
    await page.getByRole('dialog').getByRole('button', { name: t.me.appRemove }).click();
    await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(1);

    // A second place, by recovery code, is seen here and ended from here.
    const second = await visit(null, setting);
    second.expectStatus(401);
    await second.go('/');
    await typePassword(second, person.username, person.password);
    await second.button(t.factor.useRecovery).click();
    await second.look('recovery code');
    await second.page.getByLabel(t.factor.recoveryCode).fill(first.toLowerCase());
    await second.button(t.factor.submit).click();
    await second.title(t.home.title);
    await page.reload();
    await guest.ready();
    await expect(page.getByText(t.me.recoveryLeft(9))).toBeVisible();
    await guest.look('my account, two sessions');
    await guest.picture('tai-khoan-cua-toi');
    await guest.button(t.me.endOthers).click();
    await page.getByRole('dialog').getByRole('button', { name: t.me.endOthers }).click();
    await expect(page.getByRole('status').filter({ hasText: t.me.endedOthers })).toBeVisible();
    await second.page.goto('/he-thong');
    await second.title(t.session.signIn);
  });
}

test('passkeys: registered, signed in with, renamed, removed; not without verification', async ({ visit }) => {
  const person = newcomer('director');
  const guest = await visit(null, { origin: LOCALHOST });
  const { page, t } = guest;
  guest.expectStatus(401, 403, 409);
  const key = await authenticator(page);
  await guest.go('/tai-khoan-cua-toi');
  await typePassword(guest, person.username, person.password);
  await guest.title(t.me.title);
  await guest.button(t.me.passkeyAdd).click();
  await guest.look('passkey form');
  await page.getByLabel(t.me.passkeyName).fill('Khóa của máy bàn');
  await page.getByRole('region', { name: t.me.passkeys, exact: true }).getByRole('textbox', { name: t.me.password }).fill(person.password);
  await guest.button(t.me.passkeyAdd).click();
  await expect(page.getByText('Khóa của máy bàn')).toBeVisible();
  expect((await key.cdp.send('WebAuthn.getCredentials', { authenticatorId: key.id })).credentials).toHaveLength(1);
  await guest.look('one passkey');

  // The last factor of an approver stays.
  await page.getByRole('button', { name: `${t.me.passkeyRemove}: Khóa của máy bàn` }).click();
  await page.getByRole('dialog').getByRole('button', { name: t.me.passkeyRemove }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'ít nhất một phương thức' })).toBeVisible();

  await page.getByRole('button', { name: `${t.me.passkeyRename}: Khóa của máy bàn` }).click();
  await page.getByLabel(t.me.passkeyName).fill('Khóa thứ nhất');
  await guest.button(t.common.save).click();
  await expect(page.getByText('Khóa thứ nhất')).toBeVisible();

  async function signOut(): Promise<void> {
    await page.getByRole('button', { name: t.shell.account }).click();
    await page.getByRole('menuitem', { name: t.session.signOut }).click();
    await guest.title(t.session.signIn);
  }

  // Alone, without a name.
  await signOut();
  await guest.button(t.factor.passkeySignIn).click();
  await guest.title(t.home.title);
  // After the password.
  await signOut();
  await typePassword(guest, person.username, person.password);
  await guest.button(t.factor.passkey).click();
  await guest.title(t.home.title);
  // Whoever holds the key but cannot unlock it does not get in.
  await signOut();
  await key.cdp.send('WebAuthn.setUserVerified', { authenticatorId: key.id, isUserVerified: false });
  await guest.button(t.factor.passkeySignIn).click();
  await expect(page.getByRole('alert')).toContainText(t.factor.cancelled, { timeout: 20_000 });
  await guest.look('passkey refused');
  await key.cdp.send('WebAuthn.setUserVerified', { authenticatorId: key.id, isUserVerified: true });
  await guest.button(t.factor.passkeySignIn).click();
  await guest.title(t.home.title);
});

test('a decision asks for a fresh second factor and then goes on', async ({ visit }) => {
  const dossier = await makeAppraised(2, unique('Hệ thống chờ quyết định'));
  const director = await visit('director', { fresh: true, origin: LOCALHOST });
  const { page, t } = director;
  psql(`UPDATE capdo.session SET factor_at = now() - interval '6 minutes' WHERE account_id =
    (SELECT id FROM capdo.account WHERE username = 'director') AND NOT pending`);
  director.expectStatus(403);
  await director.go(`/ho-so/${dossier.id}/phe-duyet`);
  await page.getByLabel(t.dossier.decisionNumber).fill(unique('QĐ'));
  await page.getByLabel(t.dossier.decisionDate).fill(new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date()));
  await director.button(t.dossier.to.approved).click();
  await page.getByRole('region').getByRole('button', { name: t.dossier.signApprove }).click();
  const dialog = page.getByRole('dialog', { name: t.factor.stepUpTitle });
  await expect(dialog).toBeVisible();
  await director.look('step up');
  // Giving up loses nothing: the refusal is said, the form is as it was.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByLabel(t.dossier.decisionNumber)).not.toHaveValue('');
  await director.button(t.dossier.to.approved).click();
  await page.getByRole('region').getByRole('button', { name: t.dossier.signApprove }).click();
  await dialog.getByLabel(t.factor.code).fill(await nextCode('director'));
  await dialog.getByRole('button', { name: t.factor.submit }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => psql(`SELECT state FROM capdo.dossier WHERE id = '${dossier.id}'`)).toBe('approved');
});
