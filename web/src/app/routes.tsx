/* Every address of the site. Pages are fetched when they are first opened. */
import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { NotFoundPage, PageFailed } from './Failures';

type Loader = () => Promise<Record<string, ComponentType>>;

function page(path: string, load: Loader, name: string): RouteObject {
  return {
    path,
    errorElement: <PageFailed />,
    lazy: async () => ({ Component: (await load())[name]! }),
  };
}

const systemList = () => import('../pages/system/SystemListPage');
const systemForm = () => import('../pages/system/SystemFormPage');
const labelPages = () => import('../pages/label/LabelPages');
const tokenPages = () => import('../pages/token/TokenPages');
const organisationTasks = () => import('../pages/organisation/OrganisationTasks');
const peoplePages = () => import('../pages/account/PeoplePages');
const organisationPages = () => import('../pages/organisation/OrganisationPages');

const routes: RouteObject[] = [
  page('/dang-nhap', () => import('../pages/session/SignInPage') as never, 'SignInPage'),
  page('/kich-hoat', () => import('../pages/session/ActivationPage') as never, 'ActivationPage'),
  {
    lazy: async () => ({ Component: (await import('./SignedIn')).SignedIn }),
    errorElement: <PageFailed />,
    hydrateFallbackElement: <></>,
    children: [
      page('/', () => import('../pages/home/HomePage') as never, 'HomePage'),
      page('/he-thong', systemList as never, 'SystemListPage'),
      page('/he-thong/moi', systemForm as never, 'SystemNewPage'),
      page('/he-thong/:id', () => import('../pages/system/SystemPage') as never, 'SystemPage'),
      page('/he-thong/:id/sua', systemForm as never, 'SystemEditPage'),
      page('/ho-so', () => import('../pages/dossier/DossierListPage') as never, 'DossierListPage'),
      page('/ho-so/moi', () => import('../pages/dossier/DossierNewPage') as never, 'DossierNewPage'),
      page('/ho-so/:id', () => import('../pages/dossier/DossierPage') as never, 'DossierPage'),
      page('/ho-so/:id/tham-dinh', () => import('../pages/dossier/AppraisalPage') as never, 'AppraisalPage'),
      page('/ho-so/:id/phe-duyet', () => import('../pages/dossier/ApprovalPage') as never, 'ApprovalPage'),
      page('/nhan', labelPages as never, 'LabelListPage'),
      page('/nhan/moi', labelPages as never, 'LabelNewPage'),
      page('/nhan/:id', labelPages as never, 'LabelPage'),
      page('/so-lieu', () => import('../pages/stats/StatsPage') as never, 'StatsPage'),
      page('/to-chuc', organisationPages as never, 'OrganisationListPage'),
      page('/to-chuc/moi', organisationPages as never, 'OrganisationNewPage'),
      page('/to-chuc/nhap', organisationTasks as never, 'OrganisationImportPage'),
      page('/to-chuc/:id', organisationPages as never, 'OrganisationPage'),
      page('/to-chuc/:id/sua', organisationPages as never, 'OrganisationEditPage'),
      page('/to-chuc/:id/thay-doi', organisationTasks as never, 'OrganisationChangePage'),
      page('/ma-truy-cap', tokenPages as never, 'TokenListPage'),
      page('/ma-truy-cap/moi', tokenPages as never, 'TokenNewPage'),
      page('/phan-cong', () => import('../pages/authority/AuthorityPage') as never, 'AuthorityPage'),
      page('/nguoi-dung', peoplePages as never, 'PeopleListPage'),
      page('/nguoi-dung/moi', peoplePages as never, 'PersonNewPage'),
      page('/nguoi-dung/:id', peoplePages as never, 'PersonPage'),
      page('/nhat-ky', () => import('../pages/security/SecurityLogPage') as never, 'SecurityLogPage'),
      page('/tai-khoan-cua-toi', () => import('../pages/me/MyAccountPage') as never, 'MyAccountPage'),
      { path: '*', element: <NotFoundPage /> },
    ],
  },
];

export function newRouter() {
  return createBrowserRouter(routes);
}
