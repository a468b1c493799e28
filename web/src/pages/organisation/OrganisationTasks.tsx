export { OrganisationChangePage } from './OrganisationChangePage';
export { OrganisationImportPage } from './OrganisationImportPage';
