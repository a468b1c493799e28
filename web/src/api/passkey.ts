/* Passkeys: what the API asks for, handed to the browser, and what the authenticator answers, in
 * base64url. The private key never leaves the authenticator. */
import { api, body } from './client';
import type { components } from './schema';

type Creation = components['schemas']['PasskeyCreation'];
type Proof = components['schemas']['SessionPasskey'];
type Purpose = components['schemas']['PasskeyAsk']['purpose'];

export function passkeysPossible(): boolean {
  return typeof window.PublicKeyCredential === 'function' && window.isSecureContext;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function base64url(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function listed(ids: string[]): PublicKeyCredentialDescriptor[] {
  return ids.map((id) => ({ type: 'public-key', id: bytes(id) }));
}

/* Asks the person to unlock a passkey; throws what the browser throws. */
export async function provePasskey(purpose: Purpose): Promise<Proof> {
  const options = await body(api.POST('/api/v1/session/passkey-options', { body: { purpose } }));
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(options.challenge),
      rpId: options.rp_id,
      timeout: options.timeout_ms,
      userVerification: 'required',
      allowCredentials: listed(options.credentials),
    },
  }) as PublicKeyCredential | null;
  if (credential === null) {
    throw new DOMException('', 'NotAllowedError');
  }
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    credential_id: base64url(credential.rawId),
    client_data: base64url(response.clientDataJSON),
    authenticator_data: base64url(response.authenticatorData),
    signature: base64url(response.signature),
  };
}

export async function makePasskey(options: Creation): Promise<{ client_data: string; authenticator_data: string }> {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(options.challenge),
      rp: { id: options.rp_id, name: options.rp_name },
      user: { id: bytes(options.user_id), name: options.user_name, displayName: options.user_display_name },
      pubKeyCredParams: options.algorithms.map((alg) => ({ type: 'public-key', alg })),
      timeout: options.timeout_ms,
      excludeCredentials: listed(options.credentials),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  }) as PublicKeyCredential | null;
  if (credential === null) {
    throw new DOMException('', 'NotAllowedError');
  }
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    client_data: base64url(response.clientDataJSON),
    authenticator_data: base64url(response.getAuthenticatorData()),
  };
}
