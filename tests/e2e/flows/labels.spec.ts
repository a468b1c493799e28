/* Trusted labels: requested by a unit, recorded as granted. */
import { makeSystem } from '../support/api';
import { expect, named, SETTINGS, test } from '../support/site';
import { today, unique } from '../support/words';

for (const setting of SETTINGS) {
  test(`a label is requested and granted: ${named(setting)}`, async ({ visit }) => {
    const system = await makeSystem(2, unique('Trang thông tin điện tử Sở Y tế'));
    const target = `${unique('www').replace(' ', '')}.bacninh.gov.vn`;
    const staff = await visit('staff', setting);
    const { page, t } = staff;
    await staff.go(`/he-thong/${system.id}`);
    await staff.link(t.label.request).click();
    await staff.title(t.label.newTitle);
    await page.getByLabel(t.label.target).fill(target);
    await staff.picture('nhan-1-de-nghi');
    await page.getByLabel(t.label.target).fill('');
    await staff.button(t.label.create).click();
    await expect(page.getByRole('alert').getByText(t.label.needTarget)).toBeVisible();
    await staff.look('label, what is missing');
    await page.getByLabel(t.label.target).fill(target);
    await page.getByLabel(t.label.evidence).fill('https://bacninh.gov.vn/minh-chung');
    await staff.button(t.label.create).click();
    await staff.title(t.label.title(target));
    await expect(page.getByText(t.label.done.requested!)).toBeVisible();
    await staff.look('label, requested');
    const address = new URL(page.url()).pathname;

    const appraiser = await visit('appraiser', setting);
    await appraiser.go(address);
    await appraiser.button(t.label.to.granted!).click();
    await appraiser.page.getByRole('textbox', { name: t.label.issuer }).fill('Hiệp hội An ninh mạng quốc gia');
    await appraiser.page.getByRole('textbox', { name: t.label.grantedOn }).fill(today());
    await appraiser.page.getByRole('textbox', { name: t.label.expiresOn }).fill('31/12/2027');
    await appraiser.look('label, to be granted');
    await appraiser.picture('nhan-2-ghi-nhan');
    await appraiser.button(t.label.to.granted!).click();
    await expect(appraiser.page.getByText(t.label.done.granted!)).toBeVisible();
    await appraiser.look('label, granted');

    await staff.go(`/he-thong/${system.id}`);
    await expect(page.getByRole('region', { name: t.system.labels }).getByRole('link', { name: target })).toBeVisible();
    await staff.go('/nhan?state=granted');
    await expect(staff.link(target)).toBeVisible();
    await staff.look('labels');
  });
}
