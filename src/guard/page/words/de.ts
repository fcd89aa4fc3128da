import type { Words } from './words.ts';

/** German. */
export const de: Words = {
  language: 'de',
  direction: 'ltr',
  heading: 'Ihr Zugang ist vorübergehend gesperrt',
  headingOpen: 'Ihr Zugang ist gesperrt',
  lead: '{site} ist in Betrieb, nimmt aber zurzeit keine Anfragen von Ihrer Internetadresse an.',
  thisSite: 'Diese Website',
  reason: 'Grund',
  until: 'Bis',
  noEnd: 'auf Weiteres',
  afterEnd: 'Danach ist die Website von selbst wieder erreichbar.',
  address: 'Ihre Adresse',
  reference: 'Kennzeichen',
  helpHeading: 'Ist das ein Irrtum?',
  help: 'Bitte melden Sie sich bei uns und nennen Sie das Kennzeichen. Dann finden wir Ihren Fall sofort.',
  helpAlone: 'Bitte nennen Sie dem Betreiber dieser Website das Kennzeichen. Dann lässt sich Ihr Fall sofort finden.',
  phone: 'Anrufen',
  email: 'Schreiben',
  subject: 'Gesperrter Zugang, Kennzeichen {reference}',
  shared:
    'Oft teilen sich mehrere Menschen eine Adresse, etwa in einer Firma, einer Schule oder einem Mobilfunknetz. Der Anlass muss also nicht bei Ihnen liegen.',
};
