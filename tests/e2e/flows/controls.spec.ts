/* The watchers themselves: each planted fault has to be found, or the rest proves nothing. */
import { expect, test } from '../support/site';

test('controls: an unnamed button and faint text are found', async ({ visit }) => {
  const staff = await visit('staff');
  await staff.go('/');
  expect(await staff.accessible(['wcag2a', 'wcag2aa'])).toEqual([]);
  await staff.page.evaluate(() => {
    const main = document.querySelector('main')!;
    const button = document.createElement('button');
    button.id = 'planted-button';
    const text = document.createElement('p');
    text.id = 'planted-text';
    text.textContent = 'Chữ mờ';
    text.style.color = '#bbbbbb';
    text.style.background = '#ffffff';
    const hidden = document.createElement('p');
    hidden.id = 'planted-hidden';
    hidden.textContent = 'Chữ trùng màu nền';
    hidden.style.color = '#ffffff';
    hidden.style.background = '#ffffff';
    main.append(button, text, hidden);
  });
  const found = (await staff.accessible(['wcag2a', 'wcag2aa'])).join('\n');
  expect(found).toContain('button-name: #planted-button');
  expect(found).toContain('color-contrast: #planted-text');
  expect(found).toContain('color-contrast: #planted-hidden');
});

test('controls: what the policy forbids is recorded', async ({ visit }) => {
  const staff = await visit('staff');
  await staff.go('/');
  await staff.page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
  });
  await expect.poll(() => staff.violations.map((one) => one.directive)).toContain('style-src-elem');
  expect(staff.faults.join('\n')).toContain('Content Security Policy');
  staff.violations.length = 0;
  staff.faults.length = 0;
});

test('controls: markup and scripts made from text are refused', async ({ visit }) => {
  const staff = await visit('staff');
  await staff.go('/');
  const refused = await staff.page.evaluate(() => {
    const attempts: (() => void)[] = [
      () => { document.createElement('p').innerHTML = '<img src=x onerror=alert(1)>'; },
      () => { document.createElement('script').src = 'https://elsewhere.example/x.js'; },
      () => { document.write('<p>x</p>'); },
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'done';
      } catch {
        return 'refused';
      }
    });
  });
  expect(refused).toEqual(['refused', 'refused', 'refused']);
  staff.violations.length = 0;
  staff.faults.length = 0;
});

test('controls: an error of a page is noticed', async ({ visit }) => {
  const staff = await visit('staff');
  await staff.go('/');
  await staff.page.evaluate(() => {
    setTimeout(() => {
      throw new Error('planted');
    });
    console.error('planted too');
  });
  await expect.poll(() => staff.faults.length).toBe(2);
  expect(staff.faults.join('\n')).toContain('page error: planted');
  staff.faults.length = 0;
});

test('controls: a page wider than the window and words of the other language are found', async ({ visit }) => {
  const staff = await visit('staff', { width: 390 });
  await staff.go('/');
  expect(await staff.faultsOf('before')).toEqual([]);
  await staff.page.evaluate(() => {
    const wide = document.createElement('div');
    wide.textContent = 'Sign out';
    wide.style.width = '900px';
    document.querySelector('main')!.append(wide);
  });
  const found = (await staff.faultsOf('planted')).join('\n');
  expect(found).toContain('untranslated: Sign out');
  expect(found).toContain('horizontal scroll');
});
