import { PageTitle } from '../../components/PageTitle';

export function OrganisationListPage() {
  return <PageTitle title="OrganisationListPage" />;
}

export function OrganisationNewPage() {
  return <PageTitle title="OrganisationNewPage" />;
}

export function OrganisationPage() {
  return <PageTitle title="OrganisationPage" />;
}

export function OrganisationEditPage() {
  return <PageTitle title="OrganisationEditPage" />;
}
