/* What a form sends: no date that is none, once under one key however often it is sent, and under another
 * key when it says something else. */
import type { Page } from '@playwright/test';
import { call } from '../support/api';
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';
import { unique } from '../support/words';

async function choose({ page }: Visitor, label: string, typed: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(typed);
  await page.getByRole('option', { name: typed }).first().click();
}

/* The first answer is lost on the way; the keys of all requests. */
async function loseFirstAnswer(page: Page, path: string): Promise<string[]> {
  const keys: string[] = [];
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() !== 'POST') {
      return route.fallback();
    }
    keys.push((await route.request().headerValue('idempotency-key')) ?? '');
    const answer = await route.fetch();
    return keys.length === 1 ? route.abort() : route.fulfill({ response: answer });
  });
  return keys;
}

for (const setting of SETTINGS) {
  test(`a mistyped end date is refused, and the end is asked for: ${named(setting)}`, async ({ visit }) => {
    const person = (await call('admin', 'GET', '/api/v1/accounts?q=staff.h05.11.06')).items[0];
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    await admin.go(`/nguoi-dung/${person.id}`);
    await admin.button(t.account.grant).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: t.account.role, exact: true }).selectOption('office');
    await choose(admin, t.account.organisation, 'Văn phòng Ủy ban nhân dân tỉnh');
    await page.getByLabel(t.account.document).fill('19/QĐ-VP');
    await page.getByLabel(t.account.validTo).fill('31/06/2027');
    await admin.button(t.common.next).click();
    await expect(dialog.getByRole('alert').getByRole('link', { name: t.common.dateBad })).toBeVisible();
    await admin.look('a date that is none');
    await page.getByLabel(t.account.validTo).fill('30/06/2027');
    await admin.button(t.common.next).click();
    await expect(dialog.getByRole('region')).toContainText('30/06/2027');
    await admin.look('grant a role until a day, asked twice');
    await admin.button(t.common.back).click();
    await page.getByLabel(t.account.validTo).fill('');
    await admin.button(t.common.next).click();
    await expect(dialog.getByRole('region')).not.toContainText('2027');
    await admin.button(t.common.back).click();
    await admin.button(t.common.cancel).click();
  });
}

test('a lost answer: the same request goes under the same key', async ({ visit }) => {
  const admin = await visit('admin');
  const { page, t } = admin;
  const username = `thu.${Math.random().toString(36).slice(2, 8)}`;
  await admin.go('/nguoi-dung/moi');
  await page.getByLabel(t.account.displayName).fill(unique('Lê Thị Thử'));
  await page.getByLabel(t.account.username).fill(username);
  admin.expectStatus(0);
  const keys = await loseFirstAnswer(page, '/api/v1/accounts');
  await admin.button(t.account.send).click();
  await expect(page.getByRole('alert').getByText(t.errors.network)).toBeVisible();
  await admin.button(t.account.send).click();
  await expect(page.getByText(t.account.linkLost)).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBe(keys[0]);
  expect((await call('admin', 'GET', `/api/v1/accounts?q=${username}`)).items).toHaveLength(1);
});

test('changed content is another request', async ({ visit }) => {
  const admin = await visit('admin');
  const { page, t } = admin;
  const name = unique('Bảng theo dõi');
  await admin.go('/ma-truy-cap/moi');
  await page.getByLabel(t.token.name, { exact: true }).fill(name);
  await page.getByRole('group', { name: t.token.reach }).getByRole('radio').first().check();
  await choose(admin, t.token.organisation, 'Sở Y tế');
  admin.expectStatus(0);
  const keys = await loseFirstAnswer(page, '/api/v1/tokens');
  await admin.button(t.token.make).click();
  await expect(page.getByRole('alert').getByText(t.errors.network)).toBeVisible();
  await page.getByLabel(t.token.name, { exact: true }).fill(`${name} hai`);
  await admin.button(t.token.make).click();
  await expect(page.getByTestId('token-text')).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[1]).not.toBe(keys[0]);
});
