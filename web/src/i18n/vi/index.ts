import { account, activation, password } from './account';
import { authority } from './authority';
import { common, conflict, errors, list } from './common';
import { dossier } from './dossier';
import { factor, me } from './factor';
import { label } from './label';
import { organisation } from './organisation';
import { organisationChange, organisationHistory, organisationImport } from './organisationHistory';
import { security } from './security';
import { home, session, shell } from './session';
import { signOn } from './signOn';
import { stats } from './stats';
import { system } from './system';
import { token } from './token';

export const vi = {
  common, errors, conflict, list, session, shell, home, system, dossier, label, organisation,
  account, activation, authority, password, factor, me, security, signOn, stats, token, organisationHistory, organisationChange, organisationImport,
};

/* The shape every language fills: the compiler finds what is missing or left over. */
export type Dictionary = typeof vi;
