import { EchoApp } from './echo-app.tsx';
import { startPage } from './start-page.tsx';

startPage((services) => <EchoApp services={services} />);
