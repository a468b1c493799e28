/* Sign-in, by mouse and by keyboard alone; the language; the session that ends in the middle. */
import { password } from '../support/api';
import { expect, named, SETTINGS, test } from '../support/site';
import { option, question, unique } from '../support/words';

for (const setting of SETTINGS) {
  test(`sign-in leads back to the page that was asked for: ${named(setting)}`, async ({ visit }) => {
    const guest = await visit(null, setting);
    const { page, t } = guest;
    guest.expectStatus(401);
    await guest.go('/he-thong?level=3');
    await guest.title(t.session.signIn);
    await guest.look('sign-in');
    await guest.picture('dang-nhap');
    await guest.button(t.session.submit).click();
    await expect(page.getByText(t.session.needUsername)).toBeVisible();
    await page.getByLabel(t.session.username).fill('staff2');
    await page.getByRole('textbox', { name: t.session.password }).fill('không phải mật khẩu');
    await guest.button(t.session.submit).click();
    await expect(page.getByRole('alert')).toContainText(t.session.wrong);
    await guest.look('sign-in, refused');
    await page.getByRole('textbox', { name: t.session.password }).fill(password('staff2'));
    await guest.button(t.session.submit).click();
    await guest.title(t.system.list);
    await expect(page).toHaveURL(/\/he-thong\?level=3$/);
    await page.getByRole('button', { name: t.shell.account }).click();
    await guest.look('account menu');
    await page.getByRole('menuitem', { name: t.session.signOut }).click();
    await guest.title(t.session.signIn);
    await page.goto('/he-thong');
    await guest.title(t.session.signIn);
  });
}

test('the language is changed without losing the page', async ({ visit }) => {
  const staff = await visit('staff');
  const { page } = staff;
  await staff.go('/he-thong?level=2');
  await page.getByRole('button', { name: staff.t.shell.account }).click();
  await page.getByRole('menuitem', { name: staff.t.shell.english }).click();
  await staff.title('Systems');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.reload();
  await staff.title('Systems');
  await expect(page).toHaveURL(/level=2/);
});

test('sign-in and registration by keyboard alone', async ({ visit }) => {
  const guest = await visit(null);
  const { page, t } = guest;
  const keys = page.keyboard;
  guest.expectStatus(401);

  /* Goes on with Tab until the thing that is wanted has the focus. */
  async function tabTo(name: string | RegExp): Promise<void> {
    for (let step = 0; step < 80; step += 1) {
      await keys.press('Tab');
      const found = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        const id = element?.id ?? '';
        const label = id === '' ? null : document.querySelector(`label[for="${CSS.escape(id)}"]`);
        const style = element === null ? null : getComputedStyle(element);
        const frame = element?.closest('label') ?? element?.parentElement ?? element;
        const seen = style !== null && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'
          || (frame !== null && frame !== undefined && getComputedStyle(frame).outlineStyle !== 'none'));
        return {
          name: element?.getAttribute('aria-label') ?? label?.textContent ?? element?.closest('label')?.textContent
            ?? element?.textContent ?? '',
          seen,
        };
      });
      if (typeof name === 'string' ? found.name.trim().startsWith(name) : name.test(found.name)) {
        expect(found.seen, `the focus on ${found.name} can be seen`).toBe(true);
        return;
      }
    }
    throw new Error(`no way by Tab to ${String(name)}`);
  }

  await guest.go('/');
  await tabTo(t.session.username);
  await keys.type('staff2');
  await tabTo(t.session.password);
  await keys.type(password('staff2'));
  await keys.press('Enter');
  await guest.title(t.home.title);
  await page.reload();
  await guest.ready();
  await tabTo(t.shell.skip);
  await keys.press('Enter');
  await tabTo(t.home.register);
  await keys.press('Enter');
  await guest.title(t.system.newTitle);
  await expect(page.getByRole('combobox', { name: t.common.governing })).not.toHaveValue('');
  const name = unique('Hệ thống khai bằng bàn phím');
  await tabTo(t.system.name);
  await keys.type(name);
  await tabTo(new RegExp(`^${t.common.next}$`));
  await keys.press('Enter');
  await page.getByRole('heading', { level: 2, name: t.system.stepFacts }).waitFor();
  await tabTo(option('system_type', 'internal', 'vi'));
  await keys.press('Space');
  await expect(guest.group(question('system_type', 'vi')).getByRole('radio').first()).toBeChecked();
  await tabTo(option('info_types', 'public', 'vi'));
  await keys.press('Space');
  await expect(page.getByTestId('level-panel')).toContainText(t.common.atLeast(1));
  await tabTo(new RegExp(`^${t.common.next}$`));
  await keys.press('Enter');
  await page.getByRole('heading', { level: 2, name: t.system.stepOperations }).waitFor();
  await tabTo(new RegExp(`^${t.common.next}$`));
  await keys.press('Enter');
  await page.getByRole('heading', { level: 2, name: t.system.stepCheck }).waitFor();
  await tabTo(new RegExp(`^${t.system.saveNew}$`));
  await keys.press('Enter');
  await guest.title(name);
  await page.getByRole('button', { name: t.shell.account }).click();
  await page.getByRole('menuitem', { name: t.session.signOut }).click();
  await guest.title(t.session.signIn);
});
