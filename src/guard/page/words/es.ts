import type { Words } from './words.ts';

/** Spanish. */
export const es: Words = {
  language: 'es',
  direction: 'ltr',
  heading: 'Su acceso está bloqueado por ahora',
  headingOpen: 'Su acceso está bloqueado',
  lead: '{site} funciona, pero en este momento no acepta solicitudes desde su dirección de internet.',
  thisSite: 'Este sitio',
  reason: 'Motivo',
  until: 'Hasta',
  noEnd: 'nuevo aviso',
  afterEnd: 'Después, el sitio volverá a abrirse sin que tenga que hacer nada.',
  address: 'Su dirección',
  reference: 'Referencia',
  helpHeading: '¿Se trata de un error?',
  help: 'Póngase en contacto con nosotros e indique la referencia. Así encontraremos su caso de inmediato.',
  helpAlone: 'Indique la referencia al operador de este sitio. Así podrá encontrar su caso de inmediato.',
  phone: 'Llamar',
  email: 'Escribir',
  subject: 'Acceso bloqueado, referencia {reference}',
  shared:
    'Varias personas pueden compartir una misma dirección, por ejemplo en una oficina, una escuela o una red móvil. Es posible que la causa no sea usted.',
};
