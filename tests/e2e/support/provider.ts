/* A real identity provider for the browser: the certified oidc-provider, with its own pages for signing
 * in, consent and signing out. Whoever types a name there is that person. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import Provider from 'oidc-provider';
import { ORIGIN } from './api';

const PORT = Number(process.env.CAPDO_TEST_PROVIDER_PORT ?? '0');
export const PROVIDER = `http://127.0.0.1:${PORT}`;

function key(id: string, alg: 'RS256' | 'ES256') {
  const { privateKey } = alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: id, alg, use: 'sig' };
}

/* The same keys for the life of the server, however often the tests start the provider. */
function keys(): object[] {
  const file = `${process.env.CAPDO_TEST_DIRECTORY ?? '.'}/provider-keys.json`;
  if (!existsSync(file)) {
    writeFileSync(file, JSON.stringify([key('rsa', 'RS256'), key('ec', 'ES256')]));
  }
  return JSON.parse(readFileSync(file, 'utf8')) as object[];
}

/* alg: by which its tokens are signed. */
export async function startProvider(alg: 'RS256' | 'ES256' = 'RS256'): Promise<Server> {
  const provider = new Provider(PROVIDER, {
    clients: [{
      client_id: 'capdo',
      client_secret: process.env.CAPDO_TEST_PROVIDER_SECRET,
      redirect_uris: [`${ORIGIN}/api/v1/session/oidc/callback`],
      post_logout_redirect_uris: [`${ORIGIN}/dang-nhap`],
      backchannel_logout_uri: `${ORIGIN}/api/v1/session/oidc/backchannel-logout`,
      backchannel_logout_session_required: true,
      id_token_signed_response_alg: alg,
    }],
    jwks: { keys: keys() },
    claims: { openid: ['sub'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['tests only'] },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    /* By itself it posts to no loopback address; here everything is one. */
    fetch: (url: string, { dispatcher: _dispatcher, ...options }: RequestInit & { dispatcher?: unknown }) => fetch(url, options),
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@bacninh.example.vn` }),
    }),
  });
  return new Promise((resolve) => {
    const server = provider.listen(PORT, '127.0.0.1', () => resolve(server));
  });
}

export function stopProvider(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
