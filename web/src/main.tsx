import './trusted-types';
import './app/layers.css';
import './app/fonts.css';
import './app/tokens.css';
import './app/base.css';
import './app/mantine-overrides.css';
import './app/shell.css';
import './components/components.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { pageNonce } from './app/nonce';
import { applyColourScheme } from './app/scheme';
import { restoreLanguage } from './i18n/language';

applyColourScheme();
setNonce(pageNonce());

await restoreLanguage();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
