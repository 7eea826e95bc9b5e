// What the tag itself says to visitors. Labels and wordings are the site's own.
import {own} from './values.js';

const WORDS = {
  en: {
    privacy: 'Privacy',
    wait: 'One moment…',
    opened: 'Go on in Messenger',
    answer: 'It asks you whether you agree. Until you say yes, nobody writes to you.',
    code: 'If it asks you nothing, send it this code:',
    open: 'Open Messenger',
    failed: 'This doesn’t work right now',
    nothing: 'Nothing was sent. Please try again in a moment.',
    again: 'Try again',
    write: 'Write to us in Messenger',
    close: 'Close',
  },
  fr: {
    privacy: 'Confidentialité',
    wait: 'Un instant…',
    opened: 'La suite est dans Messenger',
    answer: 'Votre accord vous y est demandé. Tant que vous n’avez pas dit oui, personne ne vous écrit.',
    code: 'Si rien ne vous est demandé, envoyez-y ce code\u00a0:',
    open: 'Ouvrir Messenger',
    failed: 'Cela ne fonctionne pas pour le moment',
    nothing: 'Rien n’a été envoyé. Réessayez dans un instant.',
    again: 'Réessayer',
    write: 'Nous écrire dans Messenger',
    close: 'Fermer',
  },
};

// The page's language first, then the visitor's, then English, then whatever there is.
export function languagesOf(page, visitor) {
  const list = [];
  for (const tag of [page, ...visitor, 'en']) {
    const name = String(tag || '').toLowerCase().replace('_', '-');
    if (name) list.push(name, name.split('-')[0]);
  }
  return list;
}

// [language, text] out of {"fr": text}; the first language that has one.
export function told(texts, languages) {
  const known = Object.keys(texts || {}).filter((key) => texts[key]);
  for (const language of languages) {
    const key = known.find((one) => one.toLowerCase().replace('_', '-') === language);
    if (key) return [key, texts[key]];
  }
  return known.length ? [known[0], texts[known[0]]] : ['', ''];
}

export function wordsOf(languages) {
  const language = languages.find((one) => own(WORDS, one)) || 'en';
  return {language, ...WORDS[language]};
}
