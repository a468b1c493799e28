/* The administrator keeps organisations and sees accounts, not the content of dossiers. */
import { makeSubmitted } from '../support/api';
import { expect, named, SETTINGS, test } from '../support/site';
import { unique } from '../support/words';

for (const setting of SETTINGS) {
  test(`an organisation is added and changed: ${named(setting)}`, async ({ visit }) => {
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    const name = unique('Trung tâm Chuyển đổi số');
    await admin.go('/to-chuc');
    await admin.go('/to-chuc?q=trung+tam');
    await admin.look('organisations');
    await admin.link(t.organisation.add).click();
    await admin.title(t.organisation.newTitle);
    await page.getByLabel(t.organisation.name, { exact: true }).fill(name);
    await admin.picture('to-chuc-2-them');
    await page.getByLabel(t.organisation.name, { exact: true }).fill('');
    await admin.button(t.organisation.saveNew).click();
    await expect(page.getByRole('alert').getByText(t.organisation.needName)).toBeVisible();
    await admin.look('organisation, what is missing');
    await page.getByRole('alert').getByRole('link', { name: t.organisation.needName }).click();
    await expect(page.getByLabel(t.organisation.name, { exact: true })).toBeFocused();
    await page.getByLabel(t.organisation.name, { exact: true }).fill(name);
    await page.getByLabel(t.organisation.code, { exact: true }).fill(unique('TTCDS').replace(' ', '-'));
    await admin.button(t.organisation.saveNew).click();
    await admin.title(name);
    await admin.look('organisation');
    await admin.link(t.common.edit).click();
    await page.getByLabel(t.organisation.address).fill('Số 10, phường Kinh Bắc, tỉnh Bắc Ninh');
    await admin.button(t.common.save).click();
    await admin.title(name);
    await expect(page.getByRole('main')).toContainText('Số 10, phường Kinh Bắc, tỉnh Bắc Ninh');
    await admin.go('/nguoi-dung?q=appraiser');
    await expect(page.getByRole('row').filter({ hasText: 'appraiser' }).first()).toBeVisible();
    await admin.look('accounts');
  });

  test(`a dossier is not for the administrator: ${named(setting)}`, async ({ visit }) => {
    const made = await makeSubmitted(2, unique('Phần mềm kế toán'));
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    admin.expectStatus(403, 404);
    await admin.go(`/ho-so/${made.id}`);
    await admin.title(new RegExp(`${t.errors.forbiddenTitle}|${t.errors.notFoundTitle}`));
    await admin.look('no permission, dossier');
    await admin.go('/ho-so');
    await admin.title(t.errors.forbiddenTitle);
    await admin.look('no permission');
    await admin.picture('khong-co-quyen');
    await admin.go('/');
    await expect(page.getByRole('navigation', { name: t.shell.navigation }).getByRole('link', { name: t.shell.dossiers }))
      .toHaveCount(0);
  });
}
