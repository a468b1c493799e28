/* Lists: filters in the address, back and forward, sort, pages, search without diacritics. */
import { expect, named, SETTINGS, test } from '../support/site';

for (const setting of SETTINGS) {
  test(`filters live in the address, back and forward follow them: ${named(setting)}`, async ({ visit }) => {
    const office = await visit('office', setting);
    const { page, t } = office;
    await office.go('/he-thong');
    const count = () => page.locator('h1 .count').innerText();
    const all = await count();
    await office.picture('danh-sach-he-thong');
    await page.getByRole('button', { name: t.common.level }).first().click();
    await office.look('systems, a filter is open');
    await page.getByRole('menuitemcheckbox', { name: t.common.levelN(3) }).click();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/level=3/);
    await expect(page.locator('h1 .count')).not.toHaveText(all);
    const third = await count();
    await expect(page.getByRole('button', { name: t.list.removeFilter(`${t.common.level}: ${t.common.levelN(3)}`) }))
      .toBeVisible();
    await office.ready();
    for (const row of await page.locator('tbody tr').all()) {
      await expect(row).toContainText(t.common.levelN(3));
    }
    await office.look('systems, filtered');
    await page.locator('tbody a.row-link').first().click();
    await page.waitForURL(/\/he-thong\/[0-9a-f-]{36}$/);
    await office.ready();
    await page.goBack();
    await expect(page).toHaveURL(/level=3/);
    await expect(page.locator('h1 .count')).toHaveText(third, { useInnerText: true });
    await page.goBack();
    await expect(page).toHaveURL(/\/he-thong$/);
    await expect(page.locator('h1 .count')).toHaveText(all, { useInnerText: true });
    await page.goForward();
    await expect(page).toHaveURL(/level=3/);
    await page.reload();
    await expect(page.locator('h1 .count')).toHaveText(third, { useInnerText: true });
  });
}

test('a long list is read page by page, and sorted', async ({ visit }) => {
  const office = await visit('office');
  const { page, t } = office;
  await office.go('/he-thong');
  const first = await page.locator('tbody a.row-link').first().getAttribute('href');
  await office.button(t.list.older).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByText(t.list.page(2))).toBeVisible();
  await expect(page.locator('tbody a.row-link').first()).not.toHaveAttribute('href', first ?? '');
  await office.button(t.list.newer).click();
  await expect(page.locator('tbody a.row-link').first()).toHaveAttribute('href', first ?? '');
  await page.getByRole('columnheader').getByRole('button', { name: t.system.name }).click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(page.getByRole('columnheader', { name: t.system.name })).toHaveAttribute('aria-sort', 'ascending');
  await office.ready();
  const names = await page.locator('tbody a.row-link').allInnerTexts();
  expect(names.length).toBeGreaterThan(10);
});

for (const setting of SETTINGS) {
  test(`Ctrl K searches everything without diacritics: ${named(setting)}`, async ({ visit }) => {
    const staff = await visit('staff', setting);
    const { page, t } = staff;
    await staff.go('/');
    await page.keyboard.press('Control+k');
    const dialog = page.getByRole('dialog', { name: t.shell.searchTitle });
    await expect(dialog.getByRole('searchbox')).toBeFocused();
    await page.keyboard.type('trang thiet bi y te');
    const hit = dialog.getByRole('link', { name: /Phần mềm quản lý trang thiết bị y tế/ }).first();
    await expect(hit).toBeVisible();
    await staff.look('search');
    await staff.picture('tim-kiem');
    await hit.click();
    await expect(dialog).toHaveCount(0);
    await staff.title('Phần mềm quản lý trang thiết bị y tế');
    await page.keyboard.press('Control+k');
    await expect(dialog.getByRole('searchbox')).toBeFocused();
    await page.keyboard.type('khong co thu nay dau');
    await expect(dialog).toContainText(t.shell.searchNone('khong co thu nay dau'));
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });
}
