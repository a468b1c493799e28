/* The dashboard never disagrees with the lists behind it. */
import { expect, named, SETTINGS, test, type Visitor } from '../support/site';
import { WORDS } from '../support/words';

function whole(text: string): number {
  return Number(text.replace(/[^\d]/g, ''));
}

async function charts(office: Visitor): Promise<void> {
  await expect(office.page.locator('.figure [role="img"] > *').first()).toBeVisible();
  await expect(office.page.locator('.chart-hold')).toHaveCount(0);
}

for (const setting of SETTINGS) {
  test(`key figures and charts: ${named(setting)}`, async ({ visit }) => {
    const office = await visit('office', setting);
    const { page, t } = office;
    await office.go('/so-lieu');
    await charts(office);
    await office.look('figures');
    await office.picture('so-lieu');
    const links = page.getByRole('list', { name: t.stats.key }).getByRole('link');
    expect(await links.count()).toBe(5);
    for (let index = 0; index < 5; index += 1) {
      const value = whole(await links.nth(index).locator('.key-value').innerText());
      await links.nth(index).click();
      await office.ready();
      if (value > 0) {
        await expect(page.locator('h1 .count')).toHaveText(new RegExp(`\\b${value}$`));
      }
      await page.goBack();
      await office.title(t.stats.title);
      await expect(links).toHaveCount(5);
    }
    for (const button of await page.getByRole('button', { name: new RegExp(t.stats.showTable) }).all()) {
      await expect(button).toHaveAttribute('aria-expanded', 'false');
    }
    while (await page.getByRole('button', { name: new RegExp(t.stats.showTable) }).count() > 0) {
      await page.getByRole('button', { name: new RegExp(t.stats.showTable) }).first().click();
    }
    await office.look('figures as tables');
  });
}

/* Each number of each table, against the list that its link opens, asked with the person's session. */
test('every number leads to a list of as many rows', async ({ visit }) => {
  const office = await visit('office');
  const { page } = office;
  await office.go('/so-lieu');
  const wrong = await page.evaluate(async () => {
    const views = ['by_level', 'by_status', 'by_organisation', 'progress', 'labels', 'overdue'];
    const bad: string[] = [];
    let compared = 0;
    for (const view of views) {
      const answer = await fetch(`/api/v1/stats/${view}`);
      const stats = await answer.json() as { rows: { key: string; measure: string; value: number; href: string }[] };
      for (const row of stats.rows) {
        const list = await fetch(row.href + (row.href.includes('?') ? '&' : '?') + 'limit=1&count=bounded');
        const body = await list.json() as { count?: { type: string; value: number } };
        compared += 1;
        if (body.count?.value !== row.value) {
          bad.push(`${view} ${row.key} ${row.measure}: ${row.value}, ${row.href}: ${body.count?.value ?? list.status}`);
        }
      }
    }
    return { bad, compared };
  });
  expect(wrong.bad).toEqual([]);
  expect(wrong.compared).toBeGreaterThan(30);
});

test('a number of a table is a link to its list', async ({ visit }) => {
  const office = await visit('office');
  const { page } = office;
  const t = WORDS.vi;
  await office.go('/so-lieu');
  for (const view of ['by_level', 'by_status', 'by_organisation', 'labels', 'progress', 'overdue']) {
    const figure = page.getByTestId(`figure-${view}`);
    await figure.getByRole('button', { name: new RegExp(t.stats.showTable) }).click();
    const link = figure.locator('.figure-table td a').first();
    const value = whole(await link.innerText());
    await link.click();
    await office.ready();
    if (value > 0) {
      await expect(page.locator('h1 .count')).toHaveText(new RegExp(`\\b${value}$`));
    }
    await page.goBack();
    await office.title(t.stats.title);
  }
});

test('the wall screen has no controls but the way out', async ({ visit }) => {
  const office = await visit('office', { width: 1920 });
  const { page, t } = office;
  await office.go('/so-lieu');
  await office.link(t.stats.wall).click();
  await expect(page.locator('.shell-side')).toBeHidden();
  await charts(office);
  await office.look('wall screen');
  await office.link(t.stats.wallLeave).click();
  await expect(page.locator('.shell-side')).toBeVisible();
});
