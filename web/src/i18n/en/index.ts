import type { Dictionary } from '../vi';
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

export const en: Dictionary = {
  common, errors, conflict, list, session, shell, home, system, dossier, label, organisation,
  account, activation, authority, password, factor, me, security, signOn, stats, token, organisationHistory, organisationChange, organisationImport,
};
