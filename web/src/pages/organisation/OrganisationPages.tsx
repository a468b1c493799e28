export { OrganisationListPage } from './OrganisationListPage';
export { OrganisationEditPage, OrganisationNewPage } from './OrganisationFormPage';
export { OrganisationPage } from './OrganisationPage';
