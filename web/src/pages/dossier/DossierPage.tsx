import { PageTitle } from '../../components/PageTitle';

export function DossierPage() {
  return <PageTitle title="DossierPage" />;
}
