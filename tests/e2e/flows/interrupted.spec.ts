/* Nothing typed is lost: a session that ends, a second person, a draft left behind. */
import { call, makeDraft, makeSystem, ORIGIN, password } from '../support/api';
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';
import { itemTitle, unique } from '../support/words';

async function signInAgain(visitor: Visitor): Promise<void> {
  const { page, t } = visitor;
  const dialog = page.getByRole('dialog', { name: t.session.expiredTitle });
  await expect(dialog).toBeVisible();
  await visitor.look('session ended');
  await visitor.picture('phien-het-han');
  await dialog.getByRole('textbox', { name: t.session.password }).fill(password('staff'));
  await dialog.getByRole('button', { name: t.session.submit, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

for (const setting of SETTINGS) {
  test(`a session that ends while one types loses nothing: ${named(setting)}`, async ({ visit }) => {
    const system = await makeSystem(2, unique('Hệ thống một cửa điện tử'));
    const staff = await visit('staff', { ...setting, fresh: true });
    const { page, t } = staff;
    await staff.go(`/he-thong/${system.id}/sua`);
    const purpose = 'Mục đích được viết lại trong lúc phiên làm việc đã hết.';
    await page.getByLabel(t.system.purpose).fill(purpose);
    staff.expectStatus(401);
    // ended at the server, as an administrator or the clock would
    const cookie = (await page.context().cookies()).find((one) => one.name === 'sid');
    const ended = await fetch(`${ORIGIN}/api/v1/session`, {
      method: 'DELETE', headers: { Cookie: `sid=${cookie?.value}`, Origin: ORIGIN },
    });
    expect(ended.status).toBe(204);
    await staff.button(t.system.stepCheck).first().click();
    await staff.button(t.system.saveEdit).click();
    await signInAgain(staff);
    await expect(page.getByText(t.system.changedTitle)).toBeVisible();
    expect((await call('staff', 'GET', `/api/v1/systems/${system.id}`)).purpose).toBe(purpose);
  });
}

test('an item of a dossier saves itself after the session is renewed', async ({ visit }) => {
  const draft = await makeDraft(2, unique('Cổng tra cứu kết quả xét nghiệm'));
  const staff = await visit('staff', { fresh: true });
  const { page, t } = staff;
  await staff.go(`/ho-so/${draft.id}`);
  await page.context().clearCookies();
  staff.expectStatus(401);
  const box = staff.group(itemTitle('design', 'vi'));
  await box.getByLabel(t.dossier.itemContent).fill('Thiết kế viết khi phiên đã hết.');
  await box.getByLabel(t.dossier.itemContent).blur();
  await signInAgain(staff);
  await expect(box.getByRole('status')).toContainText(t.common.saved(''));
  const saved = await call('staff', 'GET', `/api/v1/dossiers/${draft.id}`);
  expect(saved.items.find((one: { item: string }) => one.item === 'design').content)
    .toBe('Thiết kế viết khi phiên đã hết.');
});

test('a closed window keeps the draft of a registration', async ({ visit }) => {
  const staff = await visit('staff');
  const { page, t } = staff;
  const name = unique('Hệ thống khai dở');
  await staff.go('/he-thong/moi');
  await page.getByLabel(t.system.name).fill(name);
  await expect(page.getByText(t.common.saved('').trim())).toBeVisible();
  await staff.go('/');
  await expect(page.getByText(name)).toBeVisible();
  await staff.look('my work, with a draft');
  await staff.link(t.home.continueDraft).click();
  await expect(page.getByLabel(t.system.name)).toHaveValue(name);
  page.once('dialog', (dialog) => void dialog.accept());
  await staff.button(t.system.discard).first().click();
  await staff.title(t.system.list);
});

for (const setting of SETTINGS) {
  test(`two people change the same system, the second sees the difference: ${named(setting)}`, async ({ visit }) => {
    const system = await makeSystem(2, unique('Kho dữ liệu y tế'));
    const first = await visit('staff', setting);
    const second = await visit('staff', setting);
    const { page, t } = second;
    await first.go(`/he-thong/${system.id}/sua`);
    await second.go(`/he-thong/${system.id}/sua`);
    await first.page.getByLabel(t.system.purpose).fill('Mục đích do người thứ nhất ghi.');
    await first.page.getByLabel(t.system.scope).fill('Phạm vi do người thứ nhất ghi.');
    await first.button(t.system.stepCheck).first().click();
    await first.button(t.system.saveEdit).click();
    await expect(first.page.getByText(t.system.changedTitle)).toBeVisible();

    await page.getByLabel(t.system.purpose).fill('Mục đích do người thứ hai ghi.');
    await page.getByLabel(t.system.servedUsers).fill('Người dân trong tỉnh.');
    await second.button(t.system.stepCheck).first().click();
    second.expectStatus(412);
    await second.button(t.system.saveEdit).click();
    const dialog = page.getByRole('dialog', { name: t.conflict.title });
    await expect(dialog).toContainText('Mục đích do người thứ nhất ghi.');
    await expect(dialog).toContainText('Mục đích do người thứ hai ghi.');
    await expect(dialog).not.toContainText('Phạm vi do người thứ nhất ghi.');
    await expect(dialog.getByRole('group')).toHaveCount(1);
    await second.look('conflict');
    await second.picture('xung-dot');
    await dialog.getByRole('button', { name: t.conflict.save }).click();
    await expect(page.getByText(t.system.changedTitle)).toBeVisible();
    const saved = await call('staff', 'GET', `/api/v1/systems/${system.id}`);
    expect([saved.purpose, saved.scope, saved.served_users]).toEqual(
      ['Mục đích do người thứ hai ghi.', 'Phạm vi do người thứ nhất ghi.', 'Người dân trong tỉnh.']);
  });
}
