/* The security log: the administrator searches it, everyone else is told that it is not theirs. */
import { expect, named, SETTINGS, test } from '../support/site';

for (const setting of SETTINGS) {
  test(`the administrator finds a refusal in the log: ${named(setting)}`, async ({ visit }) => {
    const staff = await visit('staff2', setting);
    staff.expectStatus(403);
    await staff.go('/nhat-ky');
    await staff.title(staff.t.errors.forbiddenTitle);
    const refused = await staff.page.evaluate(async () => (await fetch('/api/v1/security-events')).status);
    expect(refused).toBe(403);

    const admin = await visit('admin', setting);
    const { page, t } = admin;
    /* Within a second it is there. */
    await expect(async () => {
      await admin.go('/nhat-ky?kind=access.refused&outcome=refused');
      await expect(page.getByRole('row').filter({ hasText: t.security.title })).not.toHaveCount(0, { timeout: 500 });
    }).toPass();
    await admin.look('security log, refusals');
    await admin.picture('nhat-ky-an-ninh');
    await page.getByRole('row').filter({ hasText: t.security.title }).first().getByRole('link').first().click();
    await expect(page).toHaveURL(/account_id=/);
    await admin.ready();
    await expect(page.getByRole('list', { name: t.list.filters }).getByRole('button', { name: /Nội vụ/ })).toBeVisible();
    await admin.look('security log of one person');

    await admin.go('/nhat-ky');
    await admin.button(t.security.period).click();
    await page.getByRole('menuitemcheckbox', { name: t.security.lastDays(30) }).click();
    await page.getByRole('menuitemcheckbox', { name: t.security.lastDays(7) }).click();
    await page.keyboard.press('Escape');
    await admin.ready();
    expect(new URL(page.url()).searchParams.getAll('at__gte')).toHaveLength(1);
    await admin.title(t.security.title);
    await page.getByRole('searchbox', { name: t.list.search }).fill('khong-ai-co-ten-nay');
    await expect(page.getByText(t.list.emptyFiltered)).toBeVisible();
    await admin.look('security log, nothing found');
  });
}
