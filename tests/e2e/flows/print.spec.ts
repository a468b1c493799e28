/* What goes to the signer fits on one sheet. */
import { makeAppraised, makeSystem } from '../support/api';
import { expect, test } from '../support/site';
import { unique } from '../support/words';

/* Chromium writes the page objects of a PDF in the clear. */
function pages(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page(?![s\w])/g)?.length ?? 0;
}

for (const level of [2, 3] as const) {
  test(`the approval of level ${level} prints on one A4 sheet`, async ({ visit }) => {
    const made = await makeAppraised(level, unique('Hệ thống thông tin quản lý khám bệnh, chữa bệnh và giám định bảo hiểm y tế'));
    const signer = await visit(level === 2 ? 'director' : 'chairman');
    await signer.go(`/ho-so/${made.id}/phe-duyet`);
    await expect(signer.page.locator('.hash-line')).toBeVisible();
    await signer.page.emulateMedia({ media: 'print' });
    await expect(signer.page.locator('.shell-top')).toBeHidden();
    await expect(signer.button(signer.t.dossier.to.approved!)).toBeHidden();
    await expect(signer.page.locator('.signed')).toBeVisible();
    const pdf = await signer.page.pdf({ format: 'A4', printBackground: false });
    expect(pages(pdf)).toBe(1);
  });
}

test('control: a longer page prints on more sheets', async ({ visit }) => {
  const system = await makeSystem(2, unique('Hệ thống nhiều trang'));
  const staff = await visit('staff');
  await staff.go(`/he-thong/${system.id}`);
  await staff.page.evaluate(() => {
    const long = document.createElement('p');
    long.style.height = '4000px';
    document.querySelector('main')!.append(long);
  });
  expect(pages(await staff.page.pdf({ format: 'A4' }))).toBeGreaterThan(2);
});
