/* The places of each role, on a wide screen and on a telephone: all that it may open, and nothing else. */
import type { Role } from '../support/api';
import { expect, NARROW, test, WIDE } from '../support/site';
import { WORDS } from '../support/words';

const REGISTER = ['/', '/he-thong', '/ho-so', '/nhan', '/so-lieu', '/to-chuc', '/phan-cong'];
const PLACES: Partial<Record<Role, string[]>> = {
  staff: REGISTER, appraiser: REGISTER, director: REGISTER, chairman: REGISTER, office: REGISTER,
  admin: ['/', '/to-chuc', '/phan-cong', '/nguoi-dung', '/nhat-ky', '/ma-truy-cap'],
};

test('every role finds its places, wide and narrow', async ({ visit }) => {
  for (const [role, paths] of Object.entries(PLACES) as [Role, string[]][]) {
    for (const width of [WIDE, NARROW]) {
      const visitor = await visit(role, { width });
      const { page, t } = visitor;
      await visitor.go('/');
      const nav = page.getByRole('navigation', { name: t.shell.navigation });
      const links = nav.getByRole('link');
      expect(await links.evaluateAll((all) => all.map((one) => one.getAttribute('href'))), `${role}, ${width} px`)
        .toEqual(width === WIDE ? paths : paths.slice(0, 4));
      const more = nav.getByRole('button', { name: t.shell.more });
      if (width === WIDE) {
        await expect(more).toBeHidden();
      } else {
        await more.click();
        await expect(more).toHaveAttribute('aria-expanded', 'true');
        expect(await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')))).toEqual(paths);
      }
    }
  }
});

for (const language of ['vi', 'en'] as const) {
  test(`the other places open and close on a telephone: ${language}`, async ({ visit }) => {
    const t = WORDS[language];
    const admin = await visit('admin', { language, width: NARROW });
    const { page } = admin;
    const nav = page.getByRole('navigation', { name: t.shell.navigation });
    const more = nav.getByRole('button', { name: t.shell.more });
    await admin.go('/');
    await more.click();
    await expect(nav.getByRole('link', { name: t.shell.tokens })).toBeVisible();
    await admin.look('navigation, opened');
    await page.keyboard.press('Escape');
    await expect(nav.getByRole('link', { name: t.shell.tokens })).toBeHidden();
    await expect(more).toBeFocused();
    await more.click();
    await nav.getByRole('link', { name: t.shell.tokens }).click();
    await admin.title(t.token.list);
    await expect(nav.getByRole('link', { name: t.shell.tokens })).toBeHidden();
    await page.getByRole('button', { name: t.shell.account }).click();
    await page.getByRole('menuitem', { name: t.me.title }).click();
    await admin.title(t.me.title);
  });
}
