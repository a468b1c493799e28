/* The nonce the server wrote into this answer; style sheets made by the components carry it. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}
