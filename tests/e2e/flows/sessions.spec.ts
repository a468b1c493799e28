/* A session that ends without a word: the page stays with what was typed, one dialog closes at a time, and
 * nobody is told that they are signed out while they are not. */
import { call, ORIGIN, password } from '../support/api';
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';

/* Ended at the server, as an administrator or the clock would. */
async function endSession({ page }: Visitor): Promise<void> {
  const cookie = (await page.context().cookies()).find((one) => one.name === 'sid');
  const ended = await fetch(`${ORIGIN}/api/v1/session`, {
    method: 'DELETE', headers: { Cookie: `sid=${cookie?.value}`, Origin: ORIGIN },
  });
  expect(ended.status).toBe(204);
}

for (const setting of SETTINGS) {
  test(`a form outlives the session, a minute later: ${named(setting)}`, async ({ visit }) => {
    const staff = await visit('staff', { ...setting, fresh: true });
    const { page, t } = staff;
    await page.clock.install();
    await staff.go('/nhan/moi');
    const target = page.getByLabel(t.label.target);
    await target.fill('dichvu.bacninh.example.vn');
    staff.expectStatus(401);
    await endSession(staff);
    await page.clock.fastForward(61_000);
    await page.keyboard.press('Control+k');
    const dialog = page.getByRole('dialog', { name: t.session.expiredTitle });
    await expect(dialog).toBeVisible();
    await expect(target).toHaveValue('dichvu.bacninh.example.vn');
    expect(new URL(page.url()).pathname).toBe('/nhan/moi');
    await dialog.getByRole('textbox', { name: t.session.password }).fill(password('staff'));
    await dialog.getByRole('button', { name: t.session.submit, exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(target).toHaveValue('dichvu.bacninh.example.vn');
  });
}

test('a form outlives a failure of the server', async ({ visit }) => {
  const staff = await visit('staff');
  const { page, t } = staff;
  await page.clock.install();
  await staff.go('/nhan/moi');
  const target = page.getByLabel(t.label.target);
  await target.fill('dichvu.bacninh.example.vn');
  staff.expectStatus(500);
  let asked = 0;
  await page.route('**/api/v1/me', (route) => {
    asked += 1;
    return route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{}' });
  });
  await page.clock.fastForward(61_000);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: t.shell.searchTitle })).toBeVisible();
  await expect.poll(() => asked).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(target).toHaveValue('dichvu.bacninh.example.vn');
});

for (const setting of SETTINGS) {
  test(`Escape closes the upper dialog alone: ${named(setting)}`, async ({ visit }) => {
    const person = (await call('admin', 'GET', '/api/v1/accounts?q=staff.h05.11.06')).items[0];
    const admin = await visit('admin', { ...setting, fresh: true });
    const { page, t } = admin;
    await admin.go(`/nguoi-dung/${person.id}`);
    await page.getByRole('button', { name: new RegExp(`^${t.account.end} `) }).first().click();
    await page.getByLabel(t.account.document).fill('18/QĐ-VP');
    await admin.button(t.common.next).click();
    admin.expectStatus(401);
    await endSession(admin);
    await admin.button(t.account.endYes).click();
    const above = page.getByRole('dialog', { name: t.session.expiredTitle });
    await expect(above).toBeVisible();
    /* The upper one is also seen above. */
    await above.getByRole('button', { name: t.common.close }).click({ trial: true });
    await page.keyboard.press('Escape');
    await expect(above).toHaveCount(0);
    const below = page.getByRole('dialog', { name: t.account.endTitle });
    await expect(below.getByRole('alert')).toContainText(t.errors.signedOut);
    await expect(below.getByLabel(t.account.document)).toHaveValue('18/QĐ-VP');
    await admin.look('the session dialog was closed');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test(`a sign-out that the server did not do is not told as done: ${named(setting)}`, async ({ visit }) => {
    const staff = await visit('staff', { ...setting, fresh: true });
    const { page, t } = staff;
    await staff.go('/he-thong');
    staff.expectStatus(503);
    await page.route('**/api/v1/session', (route) => route.fulfill({
      status: 503, contentType: 'application/problem+json', headers: { 'Retry-After': '2' }, body: '{}',
    }));
    await page.getByRole('button', { name: new RegExp(`^${t.shell.account}`) }).click();
    await page.getByRole('menuitem', { name: t.session.signOut }).click();
    await expect(page.getByRole('alert').getByText(t.session.signOutFailed)).toBeVisible();
    expect(new URL(page.url()).pathname).toBe('/he-thong');
    await staff.look('not signed out');
    await page.unroute('**/api/v1/session');
    await page.getByRole('alert').getByRole('button', { name: t.common.retry }).click();
    await page.waitForURL((url) => url.pathname === '/dang-nhap');
    expect((await fetch(`${ORIGIN}/api/v1/me`, {
      headers: { Cookie: `sid=${(await page.context().cookies()).find((one) => one.name === 'sid')?.value}` },
    })).status).toBe(401);
  });
}
