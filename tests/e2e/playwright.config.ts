import { defineConfig } from '@playwright/test';

/* Debian's Chromium; nothing is downloaded and nothing is sent anywhere but to the server. */
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export default defineConfig({
  testDir: './flows',
  outputDir: '../../build/e2e/results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 150_000,
  expect: { timeout: 8_000 },
  reporter: [['list'], ['./support/count.ts']],
  use: {
    baseURL: process.env.CAPDO_TEST_URL,
    actionTimeout: 8_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: '/usr/bin/chromium', args: FLAGS },
  },
});
