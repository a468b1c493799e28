/* People and roles: invited by an administrator, activated by themselves in a browser of their own, given
 * a role and taken it away, disabled while they have a page open. */
import { call, psql } from '../support/api';
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';
import { unique } from '../support/words';

const SECRET = 'mua xuan den som tren doi che';

async function choose(visitor: Visitor, label: string, typed: string, name: string): Promise<void> {
  const box = visitor.page.getByRole('textbox', { name: label }).or(visitor.page.getByRole('combobox', { name: label }));
  await box.first().fill(typed);
  await visitor.page.getByRole('option', { name }).first().click();
}

for (const setting of SETTINGS) {
  test(`a person is invited, activates the account, and is disabled: ${named(setting)}`, async ({ visit }) => {
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    const username = `thu.${Math.random().toString(36).slice(2, 8)}`;
    const name = unique('Nguyễn Thị Thử');
    await admin.go('/nguoi-dung');
    await admin.title(t.account.list);
    await admin.look('people');
    await admin.link(t.account.invite).click();
    await admin.title(t.account.inviteTitle);
    await admin.button(t.account.send).click();
    await expect(page.getByRole('alert').getByText(t.account.needUsername)).toBeVisible();
    await admin.look('invite, what is missing');
    await page.getByLabel(t.account.displayName).fill(name);
    await page.getByLabel(t.account.username).fill(username);
    await page.getByLabel(t.account.role, { exact: true }).selectOption('office');
    await choose(admin, t.account.organisation, 'van phong', 'Văn phòng Ủy ban nhân dân tỉnh');
    await page.getByLabel(t.account.document).fill('15/QĐ-VP');
    await admin.look('invite, filled in');
    await admin.picture('nguoi-dung-1-moi');
    await admin.button(t.account.send).click();
    const shown = page.getByTestId('link-text');
    await expect(shown).toContainText('/kich-hoat#');
    const link = new URL((await shown.textContent()) ?? '');
    await admin.look('link, shown once');
    await admin.picture('nguoi-dung-2-duong-dan');
    await admin.button(t.account.linkDone).click();
    await admin.title(name);
    await admin.look('person, invited');

    const guest = await visit(null, setting);
    guest.expectStatus(401, 410, 422);
    await guest.go(link.pathname + link.hash);
    await guest.title(t.activation.title.activation);
    await expect(guest.page.getByText(name)).toBeVisible();
    expect(new URL(guest.page.url()).hash, 'the token leaves the address').toBe('');
    const typed = guest.page.getByRole('textbox', { name: t.password.wanted });
    await guest.picture('nguoi-dung-3-kich-hoat');
    await typed.fill('ngan qua');
    await guest.button(t.activation.save).click();
    await expect(guest.page.getByRole('alert').getByText(t.password.needLonger(15))).toBeVisible();
    await guest.look('activation, too short');
    await typed.fill('password1234567');
    await guest.button(t.activation.save).click();
    await expect(guest.page.getByRole('alert')).not.toContainText(t.password.needLonger(15));
    await guest.look('activation, common');
    await typed.fill(SECRET);
    await guest.button(t.activation.save).click();
    await guest.title(t.activation.doneTitle);
    await guest.look('activation, done');
    await guest.page.getByRole('link', { name: t.activation.signIn }).click();
    await expect(guest.page.getByLabel(t.session.username)).toHaveValue(username);
    await guest.page.getByRole('textbox', { name: t.session.password }).fill(SECRET);
    await guest.button(t.session.submit).click();
    await guest.page.waitForURL((url) => url.pathname === '/');
    await guest.ready();
    await guest.go('/he-thong');
    await guest.title(t.system.list);

    const other = await visit(null, setting);
    other.expectStatus(410);
    await other.go(link.pathname + link.hash);
    await other.title(t.activation.goneTitle);
    await other.look('activation, gone');
    const late = await call('admin', 'POST', '/api/v1/accounts', { username: `${username}.tre`, display_name: name });
    psql(`UPDATE capdo.account_link SET expires_at = now() WHERE account_id = '${late.id}'`);
    await other.go(late.link_path);
    await other.title(t.activation.goneTitle);
    await other.look('activation, too late');

    /* The open page asks for a sign-in with its next request. */
    await page.reload();
    await admin.ready();
    await admin.button(t.account.disable).click();
    await admin.look('disable, asked twice');
    await page.getByRole('dialog').getByRole('button', { name: t.account.disable }).click();
    await expect(admin.button(t.account.enable)).toBeVisible();
    await expect(page.getByRole('dialog')).toBeHidden();
    await admin.look('person, disabled');
    await guest.page.getByRole('searchbox').first().fill('cong');
    await expect(guest.page.getByRole('dialog')).toBeVisible();
  });

  test(`a role is granted and ended, by documents and asked twice: ${named(setting)}`, async ({ visit }) => {
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    const list = await call('admin', 'GET', '/api/v1/accounts?q=staff.h05.11.06');
    await admin.go(`/nguoi-dung/${list.items[0].id}`);
    await admin.button(t.account.grant).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: t.account.role, exact: true }).selectOption('office');
    await choose(admin, t.account.organisation, 'van phong', 'Văn phòng Ủy ban nhân dân tỉnh');
    await page.getByLabel(t.account.document).fill('16/QĐ-VP');
    await admin.look('grant a role');
    await admin.button(t.common.next).click();
    await admin.look('grant a role, asked twice');
    await dialog.getByRole('button', { name: t.account.grantYes, exact: true }).click();
    await expect(page.getByText(/16\/QĐ-VP/).first()).toBeVisible();
    await expect(dialog).toBeHidden();
    await admin.look('person, two roles');
    await admin.picture('nguoi-dung-4-vai-tro');
    await page.getByRole('button', { name: new RegExp(`${t.account.end} .*Văn phòng Ủy ban`) }).first().click();
    await page.getByLabel(t.account.document).fill('17/QĐ-VP');
    await admin.look('end a role');
    await admin.button(t.common.next).click();
    await dialog.getByRole('button', { name: t.account.endYes, exact: true }).click();
    await expect(page.getByText(/17\/QĐ-VP/).first()).toBeVisible();
    await expect(dialog).toBeHidden();
    await admin.look('person, a role ended');
  });

  test(`a person changes the own password: ${named(setting)}`, async ({ visit }) => {
    const admin = await visit('admin', setting);
    const { t } = admin;
    const username = `thu.${Math.random().toString(36).slice(2, 8)}`;
    await admin.go('/nguoi-dung/moi');
    await admin.page.getByLabel(t.account.displayName).fill(unique('Trần Văn Thử'));
    await admin.page.getByLabel(t.account.username).fill(username);
    await admin.button(t.account.send).click();
    const link = new URL((await admin.page.getByTestId('link-text').textContent()) ?? '');

    const guest = await visit(null, setting);
    guest.expectStatus(401, 403, 422);
    await guest.go(link.pathname + link.hash);
    await guest.page.getByRole('textbox', { name: t.password.wanted }).fill(SECRET);
    await guest.button(t.activation.save).click();
    await guest.page.getByRole('link', { name: t.activation.signIn }).click();
    await guest.page.getByRole('textbox', { name: t.session.password }).fill(SECRET);
    await guest.button(t.session.submit).click();
    await guest.page.waitForURL((url) => url.pathname === '/');
    await guest.ready();
    await guest.go('/tai-khoan-cua-toi');
    await guest.button(t.password.change).click();
    const current = guest.page.getByRole('textbox', { name: t.password.current });
    const wanted = guest.page.getByRole('textbox', { name: t.password.wanted });
    await current.fill('khong phai mat khau nay');
    await wanted.fill('ngay mai troi lai sang hon');
    await guest.button(t.password.change).click();
    await expect(guest.page.getByText(/hiện tại không đúng|present password is wrong/)).toBeVisible();
    await guest.look('my account, password wrong');
    await current.fill(SECRET);
    await guest.button(t.password.change).click();
    await expect(guest.page.getByRole('status').getByText(t.password.changed)).toBeVisible();
    await guest.look('my account, password changed');
  });
}
