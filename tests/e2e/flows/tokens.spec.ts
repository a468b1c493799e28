/* API tokens: made, shown once, replaced and revoked by the administrator. */
import { ORIGIN } from '../support/api';
import { expect, named, SETTINGS, test } from '../support/site';
import { unique } from '../support/words';

async function statusOf(token: string): Promise<number> {
  return (await fetch(`${ORIGIN}/api/v1/stats/by_level`, { headers: { Authorization: `Bearer ${token}` } })).status;
}

for (const setting of SETTINGS) {
  test(`a token is made, replaced and revoked: ${named(setting)}`, async ({ visit }) => {
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    const name = unique('Bảng theo dõi an toàn thông tin của Sở Y tế');
    await admin.go('/ma-truy-cap');
    await admin.title(t.token.list);
    await admin.look('tokens');
    await admin.link(t.token.make).click();
    await admin.title(t.token.newTitle);
    await admin.button(t.token.make).click();
    await expect(page.getByRole('alert').getByText(t.token.needName)).toBeVisible();
    await admin.look('token, what is missing');
    await page.getByLabel(t.token.name, { exact: true }).fill(name);
    await page.getByRole('group', { name: t.token.reach }).getByRole('radio').last().check();
    await expect(page.getByRole('group', { name: t.token.scopes }).getByRole('checkbox')).toHaveCount(2);
    await page.getByRole('group', { name: t.token.reach }).getByRole('radio').first().check();
    await expect(page.getByRole('group', { name: t.token.scopes }).getByRole('checkbox')).toHaveCount(5);
    await page.getByRole('combobox', { name: t.token.organisation }).fill('Sở Y tế');
    await page.getByRole('option').first().click();
    await page.getByLabel(t.token.networks).fill('10.0.0.300');
    await admin.look('token, filled');
    admin.expectStatus(422);
    await admin.button(t.token.make).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await admin.look('token, a bad network');
    await page.getByLabel(t.token.networks).fill('127.0.0.0/8');
    await admin.button(t.token.make).click();
    const token = await page.getByTestId('token-text').innerText();
    expect(token).toMatch(/^capdo_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    await admin.look('token, shown once');
    expect(await statusOf(token)).toBe(200);
    await page.getByRole('navigation').getByRole('link', { name: t.shell.work }).click();
    await expect(page.getByRole('dialog', { name: t.common.leaveTitle })).toBeVisible();
    await admin.look('token, leaving before it is kept');
    await admin.button(t.common.leaveNo).click();
    expect(await page.getByTestId('token-text').innerText()).toBe(token);
    await admin.button(t.token.done).click();
    await admin.title(t.token.list);

    await page.getByRole('button', { name: `${t.token.rotate}: ${name}` }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(t.token.rotateText)).toBeVisible();
    await admin.look('token, replace');
    await dialog.getByRole('button', { name: t.token.rotate, exact: true }).click();
    const next = await dialog.getByTestId('token-text').innerText();
    expect(next).not.toBe(token);
    await page.keyboard.press('Escape');
    await expect(dialog.getByTestId('token-text')).toBeVisible();
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(next)).toBe(200);
    await dialog.getByRole('button', { name: t.token.done }).click();
    await expect(page.getByText(t.token.replacing).first()).toBeVisible();
    await admin.look('tokens, one replaced');
    await admin.picture('ma-truy-cap');

    const live = page.getByRole('button', { name: `${t.token.revoke}: ${name}` });
    await expect(live).toHaveCount(2);
    await live.last().click();
    await expect(dialog.getByText(t.token.revokeText)).toBeVisible();
    await admin.look('token, revoke');
    await dialog.getByRole('button', { name: t.token.revokeYes }).click();
    await expect(dialog).toBeHidden();
    expect([await statusOf(token), await statusOf(next)].sort()).toEqual([200, 401]);
  });
}

test('nobody else keeps tokens', async ({ visit }) => {
  const staff = await visit('staff');
  staff.expectStatus(403);
  await staff.go('/ma-truy-cap');
  await staff.title(staff.t.errors.forbiddenTitle);
});
