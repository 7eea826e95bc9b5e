// One button with what stands beside it.
import {element, hear} from './look.js';
import {told} from './words.js';

// `act` is what a click does; a link that asks for nothing needs none.
export function itemOf(button, {languages, words, link, privacy}, act) {
  const [language, label] = told(button.labels, languages);
  const [, wording] = told(wordingTexts(button), languages);
  const inside = [element('span', {class: 'mb-icon', 'aria-hidden': 'true'}), element('span', {class: 'mb-label', dir: 'auto'}, label)];
  const look = `mb mb-${button.colour} mb-${button.size}`;
  const control = act
    ? element('button', {class: look, type: 'button'}, ...inside)
    : element('a', {class: look, href: link, target: '_blank', rel: 'noopener noreferrer'}, ...inside);
  control.setAttribute('data-button', button.id);
  if (act) hear(control, 'click', act);
  const item = element('div', {class: 'mb-place', lang: language || words.language}, control);
  if (button.kind === 'send_to_messenger') beside(item, control, {wording, words, privacy});
  return {item, control, label};
}

export function wordingOf(button, languages) {
  const [language] = told(wordingTexts(button), languages);
  return language ? {language, id: button.wordings[language].id} : {language: '', id: null};
}

function wordingTexts({wordings}) {
  const texts = Object.create(null);
  for (const [language, one] of Object.entries(wordings || {})) texts[language] = one.text;
  return texts;
}

// On a ground of its own, so that it can be read wherever the shop puts it.
function beside(item, control, {wording, words, privacy}) {
  const notice = privacy && element('a', {href: privacy, target: '_blank', rel: 'noopener'}, words.privacy);
  if (!wording && !notice) return;
  const text = element('p', {class: 'mb-wording', dir: 'auto'}, wording, wording && notice && ' ', notice);
  text.id = `word-${control.dataset.button}`;
  control.setAttribute('aria-describedby', text.id);
  item.append(text);
}
