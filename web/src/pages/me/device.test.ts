import { expect, test } from 'vitest';
import { deviceOf } from './device';

test('program and system of common browsers', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
  expect(deviceOf(chrome)).toEqual({ program: 'Chrome', system: 'Windows' });
  expect(deviceOf(`${chrome} Edg/130.0.0.0`)).toEqual({ program: 'Edge', system: 'Windows' });
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E148 Safari/604.1'))
    .toEqual({ program: 'Safari', system: 'iOS' });
  expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toEqual({ program: 'Firefox', system: 'Linux' });
  expect(deviceOf('')).toEqual({ program: null, system: null });
});
