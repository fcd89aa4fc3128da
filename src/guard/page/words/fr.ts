import type { Words } from './words.ts';

/** French. */
export const fr: Words = {
  language: 'fr',
  direction: 'ltr',
  heading: 'Votre accès est bloqué pour le moment',
  headingOpen: 'Votre accès est bloqué',
  lead: '{site} fonctionne, mais n’accepte pas actuellement les requêtes venant de votre adresse internet.',
  thisSite: 'Ce site',
  reason: 'Motif',
  until: 'Fin du blocage',
  noEnd: 'jusqu’à nouvel ordre',
  afterEnd: 'Ensuite, le site sera de nouveau accessible, sans démarche de votre part.',
  address: 'Votre adresse',
  reference: 'Référence',
  helpHeading: 'Est-ce une erreur ?',
  help: 'Contactez-nous en indiquant la référence : nous retrouverons aussitôt votre dossier.',
  helpAlone: 'Indiquez la référence à l’exploitant de ce site : il retrouvera aussitôt votre dossier.',
  phone: 'Appeler',
  email: 'Écrire',
  subject: 'Accès bloqué, référence {reference}',
  shared:
    'Plusieurs personnes peuvent partager une même adresse, par exemple dans une entreprise, une école ou un réseau mobile. Vous n’êtes donc pas forcément à l’origine du blocage.',
};
