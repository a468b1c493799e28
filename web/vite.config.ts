import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.CAPDO_ORIGIN ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // The server replaces the placeholder in every answer and names the nonce in the policy.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows no data: scripts, styles or fonts
    modulePreload: { polyfill: false }, // the polyfill would be an inline script
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: api } },
  },
});
