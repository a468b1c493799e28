/* The pages about people are fetched together. */
export { PeopleListPage } from './PeopleListPage';
export { PersonNewPage } from './PersonNewPage';
export { PersonPage } from './PersonPage';
