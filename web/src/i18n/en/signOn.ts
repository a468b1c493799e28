import type { Dictionary } from '../vi';

export const signOn: Dictionary['signOn'] = {
  button: (label) => (label === '' ? 'Single sign-on' : `Sign in with ${label}`),
  failed: {
    identity_provider_down: 'The single sign-on service does not answer. Sign in with your password, or try again in a few minutes.',
    sign_in_refused: 'This single sign-on could not be confirmed. Try again; if it happens again, sign in with your password and tell the administrator.',
    sign_in_expired: 'This sign-in has expired or was used already. Begin again and finish within 10 minutes in the same browser.',
    identity_unknown: 'This identity is not linked to an active account. Sign in with your password and link it on the page My account, or ask the administrator.',
    identity_taken: 'This identity is linked to an account already. Unlink it there first, or use another identity.',
    busy: 'Too many people are signing in at this moment. Try again in a few seconds.',
    other: 'The sign-in did not succeed. Try again, or sign in with your password.',
  },
  title: 'Single sign-on',
  text: (label) => `Link an identity of ${label === '' ? 'the single sign-on service' : label} to sign in without a password here. Roles and rights are still given by this register.`,
  off: 'Single sign-on is switched off; the links below cannot be used at present.',
  none: 'No identity is linked.',
  nameless: 'Identity without a name',
  linked: 'Linked',
  used: 'Last used',
  never: 'Never used',
  link: 'Link an identity',
  unlink: 'Unlink',
  unlinkNamed: (name) => `Unlink ${name}`,
  unlinkAsk: (name) => `Unlink ${name}? It can no longer sign in, and every session it opened ends at once, this one too if it is one of them.`,
  unlinked: (name) => `${name} is unlinked.`,
};
