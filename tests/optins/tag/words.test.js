// In which language the tag speaks.
import assert from 'node:assert/strict';
import test from 'node:test';

import {languagesOf, told, wordsOf} from '../../../optins/tag/source/words.js';

const TEXTS = {en: 'Send', fr: 'Envoyer', 'pt-BR': 'Enviar', de: ''};

for (const [page, visitor, language] of [
  ['fr', ['en'], 'fr'],
  ['fr-CA', ['en'], 'fr'],
  ['FR_fr', ['en'], 'fr'],
  ['', ['fr-FR', 'en'], 'fr'],
  ['ja', ['ko'], 'en'],
  ['de', ['fr'], 'fr'],
  ['pt-br', [], 'pt-BR'],
]) {
  test(`a page in “${page}” for ${visitor} is told in ${language}`, () => {
    assert.deepEqual(told(TEXTS, languagesOf(page, visitor)), [language, TEXTS[language]]);
  });
}

test('where none fits, whatever there is', () => {
  assert.deepEqual(told({ja: '送信'}, languagesOf('fr', [])), ['ja', '送信']);
  assert.deepEqual(told({}, languagesOf('fr', [])), ['', '']);
  assert.deepEqual(told(undefined, languagesOf('fr', [])), ['', '']);
});

test('the tag has the same words in each of its languages', () => {
  const [en, fr] = ['en', 'fr'].map((language) => wordsOf(languagesOf(language, [])));
  assert.deepEqual(Object.keys(en), Object.keys(fr));
  assert.equal(wordsOf(languagesOf('constructor', [])).language, 'en');
});
