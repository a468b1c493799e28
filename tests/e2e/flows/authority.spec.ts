/* Who may act for whom: recorded, warned about, ended by the administrator, and told on a dossier. */
import { expect, named, SETTINGS, test } from '../support/site';
import { unique } from '../support/words';

for (const [index, setting] of SETTINGS.entries()) {
  test(`assignments and delegations are shown, recorded and ended: ${named(setting)}`, async ({ visit }) => {
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    await admin.go('/');
    await expect(page.getByText('655/QĐ-UBND')).toBeVisible();
    await admin.look('home, an assignment lapses');
    await admin.go('/phan-cong');
    await admin.title(t.authority.title);
    await expect(page.getByRole('main')).toContainText('77/QĐ-UBND');
    await expect(page.getByRole('main')).not.toContainText('92/QĐ-UBND');
    await admin.look('assignments');
    await admin.picture('phan-cong-1-danh-sach');
    /* The box follows the address, a moment later. */
    await page.getByLabel(t.authority.showEnded).click();
    await expect(page.getByLabel(t.authority.showEnded)).toBeChecked();
    await expect(page.getByRole('main')).toContainText('92/QĐ-UBND');

    const number = unique('5').replaceAll(' ', '-');
    await admin.button(t.authority.newDelegation).click();
    await admin.button(t.authority.record).click();
    await expect(page.getByRole('alert').getByText(t.authority.required(t.authority.scope))).toBeVisible();
    await admin.look('delegation, what is missing');
    await page.getByRole('combobox', { name: t.authority.governing }).fill('Ủy ban nhân dân tỉnh Bắc Ninh');
    await page.getByRole('option', { name: 'Ủy ban nhân dân tỉnh Bắc Ninh' }).click();
    await page.getByRole('combobox', { name: t.authority.delegate }).fill('Thanh tra tỉnh');
    await page.getByRole('option', { name: 'Thanh tra tỉnh' }).click();
    /* Each setting delegates another power: one that ends today is still delegated today. */
    await page.getByRole('group', { name: t.authority.powers }).getByRole('checkbox').nth(4 - index).check();
    await page.getByLabel(t.authority.scope).fill('Phê duyệt phương án');
    await page.getByLabel(t.authority.document, { exact: true }).fill(number);
    await page.getByLabel(t.authority.validTo).fill('31/12/2031');
    await admin.button(t.authority.record).click();
    await expect(page.getByRole('status').getByText(t.authority.recorded)).toBeVisible();

    await page.getByRole('button', { name: `${t.authority.end} ${number}` }).click();
    await page.getByLabel(t.authority.endDocument).fill('6/QĐ-UBND');
    await admin.button(t.common.next).click();
    const asked = page.getByRole('region', { name: t.authority.endAsk });
    await expect(asked).toContainText('Thanh tra tỉnh');
    await admin.look('ending, asked twice');
    await admin.picture('phan-cong-2-cham-dut');
    await asked.getByRole('button', { name: t.common.back }).click();
    await admin.button(t.common.next).click();
    await asked.getByRole('button', { name: t.authority.endConfirm }).click();
    await expect(page.getByRole('status').getByText(t.authority.ended)).toBeVisible();
    await expect(page.getByRole('main')).toContainText('6/QĐ-UBND');
  });

  test(`a dossier says who may act and why not me: ${named(setting)}`, async ({ visit }) => {
    const appraiser = await visit('appraiser', setting);
    const { page, t } = appraiser;
    await appraiser.go('/ho-so?q=camera');
    await page.getByRole('link', { name: /camera/ }).first().click();
    const panel = page.getByTestId('authority');
    await expect(panel).toContainText('Hội đồng thẩm định độc lập');
    await expect(panel).toContainText('512/QĐ-UBND');
    await expect(panel).toContainText('77/QĐ-UBND');
    await expect(panel).toContainText(t.authority.meNo);
    await expect(panel).toContainText(/18/);
    await appraiser.look('dossier, who may act');
  });
}
